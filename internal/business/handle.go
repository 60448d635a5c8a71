package business

import (
	"strings"

	"github.com/gosimple/slug"

	"smartlinks/internal/fault"
)

// The bounds of a handle, in characters.
const (
	minHandle = 2
	maxHandle = 40
)

// ValidateHandle returns an Invalid fault at the field "handle" for what can't
// be a handle: it has 2 to 40 lower-case letters, digits and '-', starts with a
// letter, and is none of ReservedHandles.
func ValidateHandle(handle string) error {
	var fields fault.Fields
	checkHandle(handle, &fields)
	return fields.Err()
}

func checkHandle(handle string, fields *fault.Fields) {
	wrong := func(code, message string) { fields.Add("handle", code, message) }
	switch {
	case handle == "":
		wrong("handle.missing", "Choose a handle: it is the first part of your links.")
	case strings.ContainsFunc(handle, notInHandle):
		wrong("handle.characters", "A handle has only small letters without accents, digits and hyphens, like “acme-books”.")
	case handle[0] < 'a' || handle[0] > 'z':
		wrong("handle.start", "Start the handle with a letter.")
	case len(handle) < minHandle || len(handle) > maxHandle:
		wrong("handle.length", "A handle has 2 to 40 characters.")
	case Reserved(handle):
		wrong("handle.reserved", "“"+handle+"” is reserved for the system. Choose another handle.")
	}
}

func notInHandle(c rune) bool { return (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' }

// addTaken notes that another business has the handle, or had it and keeps it.
func addTaken(handle string, fields *fault.Fields) {
	fields.Add("handle", "handle.taken", "The handle “"+handle+"” is taken. Choose another.")
}

// SuggestHandle makes a valid handle from a name in any script, by the rules of a language:
// "Studio Noord" is studio-noord, and a German "Söhne" soehne. Whether it is free is another
// question.
func SuggestHandle(name, language string) string {
	handle := strings.Trim(strings.ReplaceAll(slug.MakeLang(name, language), "_", "-"), "-")
	if len(handle) < minHandle || handle[0] < 'a' || handle[0] > 'z' || Reserved(handle) {
		handle = strings.TrimSuffix("biz-"+handle, "-")
	}
	return strings.TrimRight(handle[:min(len(handle), maxHandle)], "-")
}
