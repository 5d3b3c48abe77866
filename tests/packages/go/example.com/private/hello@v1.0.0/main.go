// Command hello greets who is named, as a tool that is installed.
package main

import (
	"os"

	"example.com/private/greeting"
)

func main() { os.Stdout.WriteString(greeting.For(os.Args[1]) + "\n") }
