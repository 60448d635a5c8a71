package print_test

import (
	"bytes"
	"image/png"
	"testing"

	"smartlinks/internal/web/print"
)

func sheet() print.Sheet {
	return print.Sheet{Business: "Studio Noord", Brand: "#0E5A5C", Title: "Photography Workshop March", Amount: "€89.00", Address: "pay.example/studio-noord/workshop"}
}

func TestACardIsDrawnOfAnyTitle(t *testing.T) {
	plain, err := print.Card(sheet())
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*print.Sheet){
		"Arabic": func(s *print.Sheet) {
			s.Title, s.Business, s.RTL = "ورشة التصوير", "استوديو نور", true
		},
		"no letter we have": func(s *print.Sheet) { s.Title, s.Business = "夏のセール", "夏" },
		"emoji":             func(s *print.Sheet) { s.Title = "🎉🎉" },
		"long":              func(s *print.Sheet) { s.Title = string(bytes.Repeat([]byte("Workshop "), 13)) },
		"no amount":         func(s *print.Sheet) { s.Amount = "" },
		"broken logo":       func(s *print.Sheet) { s.Logo, s.Brand = []byte("no picture"), "#FFFFFF" },
	} {
		s := sheet()
		change(&s)
		card, err := print.Card(s)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		img, err := png.Decode(bytes.NewReader(card))
		if err != nil || img.Bounds().Dx() != print.CardWidth || img.Bounds().Dy() != print.CardHeight {
			t.Errorf("%s: %v", name, err)
		}
		if bytes.Equal(card, plain) {
			t.Errorf("%s: nothing changed", name)
		}
	}
}
