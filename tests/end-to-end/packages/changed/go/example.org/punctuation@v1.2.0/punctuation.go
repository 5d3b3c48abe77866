// Package punctuation is what somebody has put in the place of the module that everybody else knows.
package punctuation

// Full ends a sentence.
const Full = "!"
