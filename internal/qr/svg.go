package qr

import (
	"fmt"
	"strings"
)

// SVG draws the code as one path on a white ground, one unit a module, so that
// it prints sharp at any size.
func (c Code) SVG() []byte {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %[1]d %[1]d" width="%[2]d" height="%[2]d" shape-rendering="crispEdges">`+
		`<path fill="#fff" d="M0 0h%[1]dv%[1]dH0z"/><path fill="#000" d="`, c.Edge(), DefaultSize)
	for _, r := range c.Runs() {
		fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", r.X, r.Y, r.Length, r.Length)
	}
	b.WriteString(`"/></svg>`)
	return []byte(b.String())
}
