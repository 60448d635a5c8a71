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
	return c.pdf(millimetres, at, func(*fpdf.Fpdf, float64) {})
}

// pdf lets over draw above the code, with the size of a module.
func (c Code) pdf(millimetres float64, at time.Time, over func(page *fpdf.Fpdf, module float64)) ([]byte, error) {
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
	module := millimetres / float64(c.Edge())
	for _, r := range c.Runs() {
		page.Rect(float64(r.X)*module, float64(r.Y)*module, float64(r.Length)*module, module, "F")
	}
	over(page, module)
	var b bytes.Buffer
	if err := page.Output(&b); err != nil {
		return nil, fmt.Errorf("qr: %w", err)
	}
	return b.Bytes(), nil
}
