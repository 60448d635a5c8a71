package picture

import (
	"bytes"
	"errors"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"testing"
)

// Whatever is uploaded: a picture of our own making, within its bounds, or a
// refusal. A script or a page that is a picture as well is a picture alone after.
func FuzzUploads(f *testing.F) {
	img := halves(8, 6)
	f.Add(asPNG(f, img))
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		f.Fatal(err)
	}
	f.Add(bytes.Clone(b.Bytes()))
	b.Reset()
	if err := gif.Encode(&b, img, nil); err != nil {
		f.Fatal(err)
	}
	f.Add(append(bytes.Clone(b.Bytes()), "<script>alert(1)</script>"...))
	f.Add(append([]byte("GIF89a/*"), bytes.Repeat([]byte{0xFF}, 64)...))
	f.Add([]byte("RIFF\xff\xff\xff\xffWEBPVP8L\x00\x00\x00\x00\x2f\xff\xff\xff\xff"))
	f.Add([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x7f\xff\xff\xff\x7f\xff\xff\xff\x08\x06\x00\x00\x00"))
	f.Add([]byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`))
	f.Add([]byte(nil))
	limits := Limits{Megabytes: 1, Megapixels: 1, Side: 64}
	f.Fuzz(func(t *testing.T, file []byte) {
		p, err := limits.read(file)
		if err != nil {
			var refusal *Refusal
			if !errors.As(err, &refusal) {
				t.Fatalf("%v", err)
			}
			return
		}
		if bytes.Contains(p.Body, []byte("<script")) {
			t.Fatal("a script came through")
		}
		decode := map[string]func([]byte) (image.Image, error){
			"image/png":  func(b []byte) (image.Image, error) { return png.Decode(bytes.NewReader(b)) },
			"image/jpeg": func(b []byte) (image.Image, error) { return jpeg.Decode(bytes.NewReader(b)) },
		}[p.ContentType]
		if decode == nil {
			t.Fatalf("it is %q", p.ContentType)
		}
		shown, err := decode(p.Body)
		if err != nil || shown.Bounds().Dx() != p.Width || shown.Bounds().Dy() != p.Height || max(p.Width, p.Height) > limits.Side || min(p.Width, p.Height) < 1 {
			t.Fatalf("%d by %d, %v", p.Width, p.Height, err)
		}
	})
}
