package typeset

import (
	"bytes"
	"embed"
	"fmt"
	"sync"

	"github.com/go-text/typesetting/font"
)

//go:embed fonts/*.otf fonts/*.ttf
var files embed.FS

// Weight is how strong letters are.
type Weight int

// The weights.
const (
	Regular Weight = iota
	Bold
)

// cut is a weight's fonts: one for Latin, Greek and Cyrillic, one for
// Arabic, one for Hebrew.
type cut [3]*font.Font

// fonts are read at their first use. They can't change while the program runs.
var fonts = sync.OnceValue(func() map[Weight]cut {
	return map[Weight]cut{
		Regular: {read("inter-regular.otf"), read("arabic-regular.ttf"), read("hebrew-regular.ttf")},
		Bold:    {read("inter-semibold.otf"), read("arabic-bold.ttf"), read("hebrew-bold.ttf")},
	}
})

func read(name string) *font.Font {
	body, err := files.ReadFile("fonts/" + name)
	if err != nil {
		panic(err) // the name is one of ours
	}
	face, err := font.ParseTTF(bytes.NewReader(body))
	if err != nil {
		panic(fmt.Errorf("typeset: %s: %w", name, err)) // so is the file
	}
	return face.Font
}

// faces are for one text: a face remembers what it drew and is not shared.
type faces [3]*font.Face

func (c cut) faces() faces { return faces{font.NewFace(c[0]), font.NewFace(c[1]), font.NewFace(c[2])} }

// ResolveFace is the face that has the letter.
func (f faces) ResolveFace(r rune) *font.Face {
	for _, face := range f {
		if _, has := face.NominalGlyph(r); has {
			return face
		}
	}
	return f[0]
}

// has reports whether a letter can be drawn.
func (f faces) has(r rune) bool {
	for _, face := range f {
		if _, has := face.NominalGlyph(r); has {
			return true
		}
	}
	return false
}
