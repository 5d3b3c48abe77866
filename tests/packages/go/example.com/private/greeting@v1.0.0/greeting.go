// Package greeting greets, in private.
package greeting

// For returns a greeting for the named person.
func For(name string) string {
	return "Hello, " + name + "!"
}
