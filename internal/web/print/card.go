package print

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"

	"golang.org/x/image/draw"

	"smartlinks/internal/typeset"
)

// The size of a card in pixels, which WhatsApp, X, Slack and others show whole.
const (
	CardWidth  = 1200
	CardHeight = 630
)

// The layout of a card. Messengers cut up to 5 % off the edges.
const (
	cardMargin = 84
	cardLine   = CardWidth - 2*cardMargin
	tileSide   = 76
)

// Card draws the picture that messengers show of a link, as PNG.
func Card(s Sheet) ([]byte, error) {
	c := s.colors()
	img := image.NewRGBA(image.Rect(0, 0, CardWidth, CardHeight))
	draw.Draw(img, img.Rect, image.NewUniform(c.Band), image.Point{}, draw.Src)
	s.cardMark(img, c.OnBand)
	s.cardHead(img)
	s.cardBody(img)
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		return nil, fmt.Errorf("print: %w", err)
	}
	return out.Bytes(), nil
}

// cardMark is the large initial that also stands on the payment page.
func (s Sheet) cardMark(img draw.Image, on color.RGBA) {
	b := s.initial(820, typeset.Bold)
	x := CardWidth - b.Width*0.72
	if s.RTL {
		x = -b.Width * 0.28
	}
	// The colour is premultiplied: 6 % of the content's.
	faint := func(v uint8) uint8 { return uint8(int(v) * 6 / 100) }
	typeset.Fill(img, b.Path.At(x, -40), color.RGBA{faint(on.R), faint(on.G), faint(on.B), faint(255)})
}

// cardHead is the business.
func (s Sheet) cardHead(img draw.Image) {
	c := s.colors()
	const gap = 24
	name := typeset.Fit(s.Business, typeset.Style{
		Size: 38, Leading: 48, Weight: typeset.Bold, Width: cardLine - tileSide - gap, Lines: 1, RTL: s.RTL,
	}, 28)
	x, nameX := cardMargin, float64(cardMargin+tileSide+gap)
	if s.RTL {
		x, nameX = CardWidth-cardMargin-tileSide, cardMargin
	}
	s.tile(img, x, cardMargin, tileSide, color.White, c.Text)
	typeset.Fill(img, name.Path.At(nameX, cardMargin+(tileSide-name.Height)/2), c.OnBand)
}

// leading gives Arabic, whose marks reach further, more room.
func (s Sheet) leading(latin float64) float64 {
	if s.RTL {
		return latin * 1.2
	}
	return latin
}

// cardBody is title and amount, at the foot of the card.
func (s Sheet) cardBody(img draw.Image) {
	c := s.colors()
	title := typeset.Fit(s.name(), typeset.Style{
		Size: 80, Leading: s.leading(92), Weight: typeset.Bold, Width: cardLine, Lines: 3, Tracking: -0.02, RTL: s.RTL,
	}, 56)
	y := float64(CardHeight-cardMargin) + 8
	if s.Amount != "" {
		amount := typeset.Fit(s.Amount, typeset.Style{
			Size: 64, Leading: 76, Weight: typeset.Regular, Width: cardLine, Lines: 1, Tracking: -0.02, RTL: s.RTL,
		}, 40)
		y -= amount.Height
		typeset.Fill(img, amount.Path.At(cardMargin, y), c.SoftOnBand)
		y -= 14
	}
	typeset.Fill(img, title.Path.At(cardMargin, y-title.Height), c.OnBand)
}
