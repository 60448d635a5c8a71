package public

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"

	"github.com/maypok86/otter/v2"

	"smartlinks/internal/web/guard"
	"smartlinks/internal/web/ui/i18n"
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

// drawings keeps files by what they show.
type drawings = otter.Cache[string, []byte]

func newDrawings() *drawings {
	return otter.Must(&otter.Options[string, []byte]{
		MaximumWeight: keptDrawings,
		Weigher:       func(_ string, file []byte) uint32 { return uint32(len(file)) },
	})
}

// drawn is the file of the key. It is drawn when it isn't kept, once for all who ask for
// it meanwhile; a HEAD is not worth a drawing and gets nil. refused says that the network
// had too many drawn and has its answer.
func (p *Public) drawn(w http.ResponseWriter, r *http.Request, kept *drawings, key string, draw func(context.Context) ([]byte, error)) (file []byte, refused bool, err error) {
	if file, ok := kept.GetIfPresent(key); ok {
		return file, false, nil
	}
	if r.Method == http.MethodHead {
		return nil, false, nil
	}
	if !p.allowed(w, p.drawers, guard.Network(guard.ClientIP(r)).String()) {
		return nil, true, nil
	}
	file, err = kept.Get(r.Context(), key, otter.LoaderFunc[string, []byte](func(ctx context.Context, _ string) ([]byte, error) {
		return draw(ctx)
	}))
	return file, false, err
}

// keyOfCode tells all that a code or a poster shows.
func keyOfCode(target string, want wanted, o offer, t i18n.Texts) string {
	text := fmt.Sprintf("%q %s %d %v", target, want.form, want.size, want.logo)
	if want.costly() { // these show more than the address
		text += fmt.Sprintf(" %s %d %d %s %s", want.paperName(), o.Business.Version, o.Version, o.price(), t.Lang())
	}
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
