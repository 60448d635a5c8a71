package mollie

// Placed counts the lists that have a method: one, where it was looked at.
func Placed(method string) (n int) {
	for _, list := range []string{instantMethods, slowMethods, needyMethods, " googlepay "} {
		if among(list, method) {
			n++
		}
	}
	return n
}
