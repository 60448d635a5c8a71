// Command smartlinks serves payment links; see `smartlinks --help`.
package main

import (
	"os"

	"smartlinks/internal/app"
)

func main() { os.Exit(app.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
