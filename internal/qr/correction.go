package qr

// times multiplies in the field of 256 elements with the polynomial 0x11d
// (ISO/IEC 18004, 8.5.2).
func times(a, b byte) byte {
	var product byte
	for ; b != 0; b >>= 1 {
		if b&1 != 0 {
			product ^= a
		}
		high := a & 0x80
		a <<= 1
		if high != 0 {
			a ^= 0x1d
		}
	}
	return product
}

// generatorOf is the Reed-Solomon polynomial of the degree, from the second
// highest coefficient (the highest is 1) to the constant.
func generatorOf(degree int) []byte {
	g := make([]byte, degree)
	g[degree-1] = 1
	root := byte(1)
	for range degree {
		for i := range g { // multiply by x − root
			g[i] = times(g[i], root)
			if i+1 < degree {
				g[i] ^= g[i+1]
			}
		}
		root = times(root, 2)
	}
	return g
}

// correctionOf is the remainder of the data divided by the generator.
func correctionOf(data, generator []byte) []byte {
	rest := make([]byte, len(generator))
	for _, b := range data {
		factor := b ^ rest[0]
		copy(rest, rest[1:])
		rest[len(rest)-1] = 0
		if factor == 0 {
			continue
		}
		for i, g := range generator {
			rest[i] ^= times(g, factor)
		}
	}
	return rest
}
