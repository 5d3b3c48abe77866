"use strict";

exports.ask = (sentence) => `${sentence}?`;
