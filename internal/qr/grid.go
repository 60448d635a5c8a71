package qr

// grid is a code in the making.
type grid struct {
	version version
	level   level
	size    int
	dark    []bool
	fixed   []bool // modules that are no data and are never masked
}

// newGrid draws everything that does not depend on the text (clause 7.3).
func newGrid(v version, l level) *grid {
	size := v.size()
	g := &grid{version: v, level: l, size: size, dark: make([]bool, size*size), fixed: make([]bool, size*size)}
	for i := range size { // timing
		g.fix(6, i, i%2 == 0)
		g.fix(i, 6, i%2 == 0)
	}
	g.drawCorner(3, 3)
	g.drawCorner(size-4, 3)
	g.drawCorner(3, size-4)
	g.drawAlignment()
	g.drawFormat(0) // keeps the place until a mask is chosen
	g.drawVersion()
	return g
}

// fix sets a module that is no data.
func (g *grid) fix(x, y int, dark bool) {
	g.dark[y*g.size+x] = dark
	g.fixed[y*g.size+x] = true
}

// drawCorner draws the mark that readers look for, with its light border.
func (g *grid) drawCorner(cx, cy int) {
	for dy := -4; dy <= 4; dy++ {
		for dx := -4; dx <= 4; dx++ {
			x, y := cx+dx, cy+dy
			if x < 0 || x >= g.size || y < 0 || y >= g.size {
				continue
			}
			ring := max(dx, -dx, dy, -dy)
			g.fix(x, y, ring != 2 && ring != 4)
		}
	}
}

// drawAlignment draws the small marks of versions from 2, at every crossing of
// the positions except on the corners.
func (g *grid) drawAlignment() {
	at := g.version.alignments()
	for i, cx := range at {
		for j, cy := range at {
			last := len(at) - 1
			if i == 0 && j == 0 || i == 0 && j == last || i == last && j == 0 {
				continue
			}
			for dy := -2; dy <= 2; dy++ {
				for dx := -2; dx <= 2; dx++ {
					g.fix(cx+dx, cy+dy, max(dx, -dx, dy, -dy) != 1)
				}
			}
		}
	}
}

// alignments are the positions of annex E: from 6 to the far edge at even
// distances, counted from the far edge.
func (v version) alignments() []int {
	if v == 1 {
		return nil
	}
	count := int(v)/7 + 2
	step := (int(v)*8 + count*3 + 5) / (count*4 - 4) * 2
	at := make([]int, count)
	at[0] = 6
	for i, position := count-1, v.size()-7; i > 0; i, position = i-1, position-step {
		at[i] = position
	}
	return at
}

// drawFormat writes the level and the mask's number with their 10
// correcting bits, twice (7.9).
func (g *grid) drawFormat(mask int) {
	chosen := int(g.level)<<3 | mask
	rest := chosen
	for range 10 {
		rest = rest<<1 ^ (rest>>9)*0x537
	}
	bits := (chosen<<10 | rest) ^ 0x5412
	bit := func(i int) bool { return bits>>i&1 != 0 }
	for i := range 6 {
		g.fix(8, i, bit(i))
		g.fix(5-i, 8, bit(9+i))
	}
	g.fix(8, 7, bit(6))
	g.fix(8, 8, bit(7))
	g.fix(7, 8, bit(8))
	for i := range 8 {
		g.fix(g.size-1-i, 8, bit(i))
	}
	for i := 8; i < 15; i++ {
		g.fix(8, g.size-15+i, bit(i))
	}
	g.fix(8, g.size-8, true)
}

// drawVersion writes the version with its 12 correcting bits, twice (7.10).
func (g *grid) drawVersion() {
	if g.version < 7 {
		return
	}
	rest := int(g.version)
	for range 12 {
		rest = rest<<1 ^ (rest>>11)*0x1f25
	}
	bits := int(g.version)<<12 | rest
	for i := range 18 {
		near, far := i/3, g.size-11+i%3
		g.fix(far, near, bits>>i&1 != 0)
		g.fix(near, far, bits>>i&1 != 0)
	}
}

// place writes the codewords in columns of two, from the lower right, up and
// down in turn (7.7.3).
func (g *grid) place(codewords []byte) {
	bit := 0
	upward := true
	for right := g.size - 1; right > 0; right -= 2 {
		if right == 6 {
			right-- // the timing column
		}
		for i := range g.size {
			y := i
			if upward {
				y = g.size - 1 - i
			}
			for _, x := range [2]int{right, right - 1} {
				at := y*g.size + x
				if g.fixed[at] || bit >= 8*len(codewords) {
					continue
				}
				g.dark[at] = codewords[bit/8]>>(7-bit%8)&1 != 0
				bit++
			}
		}
		upward = !upward
	}
}
