package qr

// chooseMask applies the mask that leaves the code easiest to read.
func (g *grid) chooseMask() {
	plain := append([]bool(nil), g.dark...)
	across, down := make([]heart, len(g.dark)), make([]heart, len(g.dark))
	best, least := 0, -1
	for mask := range 8 {
		g.apply(mask, plain)
		clear(across)
		clear(down)
		if p := g.penalty(across, down); least < 0 || p < least {
			best, least = mask, p
		}
	}
	g.apply(best, plain)
}

// apply inverts the plain data where the mask says so, and notes the mask
// (7.8.2).
func (g *grid) apply(mask int, plain []bool) {
	at := 0
	for y := range g.size {
		for x := range g.size {
			g.dark[at] = plain[at] != (!g.fixed[at] && inverts(mask, x, y))
			at++
		}
	}
	g.drawFormat(mask)
}

func inverts(mask, x, y int) bool {
	switch mask {
	case 0:
		return (x+y)%2 == 0
	case 1:
		return y%2 == 0
	case 2:
		return x%3 == 0
	case 3:
		return (x+y)%3 == 0
	case 4:
		return (x/3+y/2)%2 == 0
	case 5:
		return x*y%2+x*y%3 == 0
	case 6:
		return (x*y%2+x*y%3)%2 == 0
	}
	return ((x+y)%2+x*y%3)%2 == 0
}

// The weights of 7.8.3.1, and ours for what readers take for a corner.
const (
	squareWeight = 3
	cornerWeight = 40
	shareWeight  = 10
	decoyWeight  = 400
)

// penalty grows with what makes reading hard (7.8.3.1): long runs, squares,
// lines that look like those of a corner mark, an uneven share of dark; and,
// beyond the standard, with decoys. across and down are cleared memory, one
// heart a module.
func (g *grid) penalty(across, down []heart) int {
	total, darkCount := 0, 0
	for i := range g.size {
		total += g.line(i*g.size, 1, across) + g.line(i, g.size, down)
	}
	total += decoyWeight * g.decoys(across, down)
	for at, dark := range g.dark {
		if dark {
			darkCount++
		}
		if at%g.size > 0 && at >= g.size && dark == g.dark[at-1] && dark == g.dark[at-g.size] && dark == g.dark[at-g.size-1] {
			total += squareWeight
		}
	}
	// Each step of 5 % away from an even share counts.
	off := 20*darkCount - 10*len(g.dark)
	steps := (max(off, -off)+len(g.dark)-1)/len(g.dark) - 1
	return total + shareWeight*steps
}

// decoys counts the places outside of corners that readers take for one: in
// ZXing's way, a row that looks like a corner's line, a column through its
// center that does too, and again the row through the center of that.
func (g *grid) decoys(across, down []heart) int {
	count := 0
	for y := range g.size {
		for x := 0; x < g.size; x++ {
			row := across[y*g.size+x]
			if row.sum == 0 {
				continue
			}
			x = int(row.start) + int(row.length) - 1 // one look a heart
			column := down[y*g.size+row.center()]
			if !row.agrees(column, 2) {
				continue
			}
			at := column.center()*g.size + row.center()
			if row.agrees(across[at], 1) && !g.fixed[at] {
				count++
			}
		}
	}
	return count
}
