// Package words has words that are used more than once.
package words

// Hello begins a greeting.
const Hello = "Hello"
