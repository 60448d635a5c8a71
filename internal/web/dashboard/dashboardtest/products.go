package dashboardtest

import (
	"bytes"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"testing"
)

// Upload posts a form with a file at the input "image".
func (b *Browser) Upload(path string, fields map[string]string, file []byte) Answer {
	b.t.Helper()
	return b.UploadAs("image", path, fields, file)
}

func (b *Browser) UploadAs(input, path string, fields map[string]string, file []byte) Answer {
	b.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile(input, "picture.png")
	if err == nil {
		_, err = part.Write(file)
	}
	for name, value := range fields { // behind the file, as some of them are on the pages
		if err == nil {
			err = form.WriteField(name, value)
		}
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		b.t.Fatal(err)
	}
	r, err := http.NewRequest(http.MethodPost, b.base+path, &body)
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", form.FormDataContentType())
	return b.Send(r)
}

func Picture(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewRGBA(image.Rect(0, 0, 40, 30))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
