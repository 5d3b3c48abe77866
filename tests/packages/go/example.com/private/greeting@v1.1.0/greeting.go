// Package greeting greets, in private, with words from elsewhere.
package greeting

import "example.com/private/words"

// For returns a greeting for the named person.
func For(name string) string {
	return words.Hello + ", " + name + "!"
}
