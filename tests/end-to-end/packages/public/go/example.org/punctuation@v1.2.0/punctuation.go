// Package punctuation stands for a public module, which a repository gets from its upstream.
package punctuation

// Full ends a sentence.
const Full = "."
