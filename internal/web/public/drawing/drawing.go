// Package drawing draws QR codes, posters, and the pictures that messengers show of a page.
package drawing

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"

	"golang.org/x/sync/singleflight"

	"smartlinks/internal/cache"
	"smartlinks/internal/i18n"
	"smartlinks/internal/web/guard"
	"smartlinks/internal/web/public/frame"
	"smartlinks/internal/web/public/lookup"
	"smartlinks/internal/web/public/offer"
)

// Codes with a logo, posters and cards take up to 0.2 seconds of a processor each. They
// are kept by all that they show, so that asking again costs nothing; and what isn't kept
// is drawn so often for each network: somebody who prints all their links has room,
// somebody who tries all sizes does not wear the machine out.
const (
	keptDrawings      = 32 << 20 // bytes of codes and posters, of up to 160 KB each
	drawingsAtOnce    = 40       // of a network
	drawingsPerSecond = 1
)

// drawingCache keeps files by what they show.
type drawingCache struct {
	files cache.Cache[string, []byte]
	begun singleflight.Group
}

func newDrawingCache() *drawingCache {
	return &drawingCache{files: cache.NewWeighted[string](keptDrawings, func(file []byte) int { return len(file) })}
}

// draw is the file of the key, drawn now and kept. Who asks for it meanwhile gets the same
// one, so it does not end with the request that asked first.
func (d *drawingCache) draw(ctx context.Context, key string, draw func(context.Context) ([]byte, error)) ([]byte, error) {
	file, err, _ := d.begun.Do(key, func() (any, error) {
		file, err := draw(context.WithoutCancel(ctx))
		if err == nil {
			d.files.Put(key, file)
		}
		return file, err
	})
	if err != nil {
		return nil, err
	}
	return file.([]byte), nil
}

// Drawings are the pictures of pages, codes and posters.
type Drawings struct {
	*frame.Base
	known         *lookup.Lookup
	previewImages *drawingCache        // what messengers show, by version
	codes         *drawingCache        // codes with a logo, and posters
	drawers       *guard.Meter[string] // of codes with a logo, posters and cards, by network
}

// New returns the pictures. known are the links and products.
func New(b *frame.Base, known *lookup.Lookup) *Drawings {
	return &Drawings{Base: b, known: known, previewImages: newDrawingCache(), codes: newDrawingCache(), drawers: guard.NewMeter[string](drawingsAtOnce, drawingsPerSecond)}
}

// drawing is the file of the key. It is drawn when it isn't kept, once for all who ask for
// it meanwhile; a HEAD is not worth a drawing and gets nil. refused says that the network
// had too many drawn and has its answer.
func (p *Drawings) drawing(w http.ResponseWriter, r *http.Request, kept *drawingCache, key string, draw func(context.Context) ([]byte, error)) (file []byte, refused bool, err error) {
	if file, ok := kept.files.Get(key); ok {
		return file, false, nil
	}
	if r.Method == http.MethodHead {
		return nil, false, nil
	}
	if !p.Allowed(w, p.drawers, guard.Network(guard.ClientIP(r)).String()) {
		return nil, true, nil
	}
	file, err = kept.draw(r.Context(), key, draw)
	return file, false, err
}

// keyOfCode tells all that a code or a poster shows.
func keyOfCode(target string, want wanted, o offer.Offer, t i18n.Localizer) string {
	text := fmt.Sprintf("%q %s %d %v", target, want.form, want.size, want.logo)
	if want.costly() { // these show more than the address
		text += fmt.Sprintf(" %s %d %d %s %s", want.paperName(), o.Business.Version, o.Version, o.AskedPrice(), t.Lang())
	}
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
