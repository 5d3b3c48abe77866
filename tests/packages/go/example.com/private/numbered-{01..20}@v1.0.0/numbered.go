// Package numbered is one of twenty, for downloads of many modules.
package numbered

// Number tells which of them this is.
const Number = "{01..20}"
