"use strict";

const { punctuate } = require("@my-scope/my-package");

exports.greet = (name) => punctuate(`Hello, ${name}`);
exports.part = (name) => punctuate(`Goodbye, ${name}`);
