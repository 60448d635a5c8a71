package message

// EveryKind is every kind of mail that can be queued.
func EveryKind() []Kind {
	var kinds []Kind
	for k := range dataReaders() {
		kinds = append(kinds, k)
	}
	return kinds
}
