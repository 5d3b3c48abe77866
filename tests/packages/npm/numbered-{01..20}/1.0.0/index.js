"use strict";

exports.number = "{01..20}";
