// Package farewell is private to another company than the rest.
package farewell

// Goodbye ends a conversation.
const Goodbye = "Goodbye"
