package main

import (
	"os"

	"example.com/private/greeting"
)

func main() { os.Stdout.WriteString(greeting.For("Ada") + "\n") }
