package qr

import (
	"bytes"
	"fmt"
	"time"

	"github.com/go-pdf/fpdf"
)

// The sizes of a PDF in millimetres along an edge. Below 20 mm phones begin to
// miss codes.
const (
	DefaultMillimetres = 60
	MinMillimetres     = 20
	MaxMillimetres     = 400
)

// PDF draws the code as shapes on a square page of that many millimetres. at is
// the creation date that the file carries.
func (c Code) PDF(millimetres float64, at time.Time) ([]byte, error) {
	if millimetres < MinMillimetres || millimetres > MaxMillimetres {
		return nil, fmt.Errorf("qr: choose between %d and %d millimetres", MinMillimetres, MaxMillimetres)
	}
	page := fpdf.NewCustom(&fpdf.InitType{UnitStr: "mm", Size: fpdf.SizeType{Wd: millimetres, Ht: millimetres}})
	page.SetCreationDate(at)
	page.SetModificationDate(at)
	page.SetMargins(0, 0, 0)
	page.SetAutoPageBreak(false, 0)
	page.AddPage()
	page.SetFillColor(0, 0, 0)
	module := millimetres / float64(c.edge())
	for _, r := range c.runs() {
		page.Rect(float64(r.x)*module, float64(r.y)*module, float64(r.length)*module, module, "F")
	}
	var b bytes.Buffer
	if err := page.Output(&b); err != nil {
		return nil, fmt.Errorf("qr: %w", err)
	}
	return b.Bytes(), nil
}
