"use strict";

exports.punctuate = (sentence) => `${sentence}!`;
