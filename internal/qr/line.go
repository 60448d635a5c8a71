package qr

// heart is the middle of what a reader may take for a line through a corner
// mark, in modules of its row or column. The zero heart is none.
type heart struct{ start, length, sum uint8 }

// center is the module that readers look at next.
func (h heart) center() int { return int(h.start + h.length/2) }

// agrees reports whether another line is as long, give or take the fifths.
func (h heart) agrees(other heart, fifths int) bool {
	off := int(other.sum) - int(h.sum)
	return other.sum > 0 && 5*max(off, -off) < fifths*int(h.sum)
}

// line is the penalty of a row or column: its first module and the distance to
// the next. Each module within a heart gets it in hearts.
func (g *grid) line(first, step int, hearts []heart) int {
	// Lengths of the last seven runs, the newest last; outside all is light.
	runs := [7]int{6: QuietZone}
	dark, total := false, 0
	start := 0 // of the newest run, within the code
	for i := range g.size {
		if g.dark[first+i*step] == dark {
			runs[6]++
			continue
		}
		total += longRun(i-start) + corner(dark, runs, first, step, start, hearts)
		copy(runs[:], runs[1:])
		runs[6], start, dark = 1, i, !dark
	}
	total += longRun(g.size - start)
	if dark {
		copy(runs[:], runs[1:])
		runs[6], start = 0, g.size
	}
	runs[6] += QuietZone
	return total + corner(false, runs, first, step, start, hearts)
}

// longRun is the penalty of equal modules in a line.
func longRun(length int) int {
	if length < 5 {
		return 0
	}
	return length - 2
}

// corner is the penalty of seven runs that end with a light one, which starts
// at the module start of its line.
func corner(dark bool, runs [7]int, first, step, start int, hearts []heart) int {
	if dark || !passesForCorner(runs) {
		return 0
	}
	behind := start - runs[5] - runs[4]
	h := heart{uint8(behind - runs[3]), uint8(runs[3]), uint8(runs[1] + runs[2] + runs[3] + runs[4] + runs[5])}
	for i := behind - runs[3]; i < behind; i++ {
		hearts[first+i*step] = h
	}
	if runs[1] != 1 || runs[2] != 1 || runs[3] != 3 || runs[4] != 1 || runs[5] != 1 {
		return 0
	}
	total := 0
	for _, margin := range [2]int{runs[0], runs[6]} {
		if margin >= 4 {
			total += cornerWeight
		}
	}
	return total
}

// passesForCorner reports whether the five runs within are near enough to
// 1:1:3:1:1 for readers, which let each differ by half.
func passesForCorner(runs [7]int) bool {
	sum := runs[1] + runs[2] + runs[3] + runs[4] + runs[5]
	near := func(length, share int) bool { // within half of share sevenths of the sum
		off := 14*length - 2*share*sum
		return off < share*sum && -off < share*sum
	}
	return near(runs[3], 3) && near(runs[1], 1) && near(runs[2], 1) && near(runs[4], 1) && near(runs[5], 1)
}
