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

// WayNames are the ways to pay by Mollie's names; needy are those that it refuses from us.
func WayNames() map[string]string { return names }
func Needy(method string) bool    { return among(needyMethods, method) }
