package frame

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"testing"
)

// A stranger's form has parts that no form of ours has: they are read past, not kept.
func TestOnlyTheFilesOfTheFormAreKept(t *testing.T) {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for _, name := range []string{"image", "image", "other", "image2"} {
		part, err := form.CreateFormFile(name, name+".png")
		if err == nil {
			_, err = part.Write([]byte(name))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := form.WriteField("name", "Chair"); err != nil {
		t.Fatal(err)
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/", &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	files, err := ReadUploads(httptest.NewRecorder(), r, 100, "image")
	if err != nil || len(files) != 1 || string(files.Picture("image")) != "image" || r.PostForm.Get("name") != "Chair" {
		t.Errorf("kept %v and %v, %v", files, r.PostForm, err)
	}
}
