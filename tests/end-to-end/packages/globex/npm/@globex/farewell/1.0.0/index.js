"use strict";

exports.leave = (name) => `Goodbye, ${name}`;
