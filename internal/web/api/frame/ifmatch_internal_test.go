package frame

import "testing"

// What is accepted names one version and is written one way; everything else is
// stale, and so changes nothing.
func FuzzIfMatchNamesOneVersion(f *testing.F) {
	for _, seed := range []string{"", "*", `"1"`, `"0"`, `"-1"`, `"01"`, `"+1"`, `W/"1"`, "1", `"1", "2"`, `"9223372036854775807"`, `"9223372036854775808"`, `""`, `"`, `" 1"`, "\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		version, err := ReadIfMatch(header)
		switch {
		case err != nil && version != 0:
			t.Fatalf("%q is refused and yet %d", header, version)
		case err == nil && version == 0 && header != "" && header != "*":
			t.Fatalf("%q is any version", header)
		case version != 0 && ETag(version) != header:
			t.Fatalf("%q is %d", header, version)
		}
	})
}
