package pdf_test

import (
	"bytes"
	"image"
	"image/color"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/receipt/pdf"
	"smartlinks/internal/typeset"
)

func written(t *testing.T, texts ...string) []byte {
	t.Helper()
	d := &pdf.Document{Title: "Beleg <2026-00001> & mehr", Language: "de", At: time.Unix(1780000000, 0)}
	d.AddPage()
	d.Image(image.NewRGBA(image.Rect(0, 0, 9, 5)), 400, 50, 90, 50, 64)
	y := 50.0
	for _, text := range texts {
		for _, w := range []typeset.Weight{typeset.Regular, typeset.Bold} {
			lines, _ := typeset.Lines(text, typeset.Style{Size: 16, Leading: 24, Weight: w, Width: 300})
			for _, l := range lines {
				d.Line(l, 50, y, 16, color.RGBA{20, 20, 40, 255})
			}
			y += 48
		}
	}
	d.Rectangle(50, y, 300, 1, color.RGBA{0, 0, 0, 255})
	d.AddPage()
	file, err := d.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// What ISO 19005-2 asks of a file at level B, as far as its structure tells: each reference
// leads to an object, the metadata says what it is and agrees with the information
// dictionary, colours have a profile, fonts are within, and nothing is there that acts,
// is transparent or hides.
func TestAFileIsPDFA(t *testing.T) {
	file := written(t, "Beleg für Müller & Söhne", "إيصال محمد", "אבג")
	if !bytes.HasPrefix(file, []byte("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")) || !bytes.HasSuffix(file, []byte("%%EOF\n")) {
		t.Error("head or end are not those of a PDF")
	}
	text := string(file)
	objects := map[string]bool{}
	for _, found := range regexp.MustCompile(`(?m)^(\d+) 0 obj$`).FindAllStringSubmatch(text, -1) {
		objects[found[1]] = true
	}
	for _, found := range regexp.MustCompile(`[ \[](\d+) 0 R`).FindAllStringSubmatch(text, -1) {
		if !objects[found[1]] {
			t.Errorf("object %s is missing", found[1])
		}
	}
	for _, want := range []string{
		"<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>", "Beleg &lt;2026-00001&gt; &amp; mehr", "/S /GTS_PDFA1", "/DestOutputProfile",
		"/Type /Metadata /Subtype /XML /Length", "/CreationDate (D:20260528202640Z)", "<xmp:CreateDate>2026-05-28T20:26:40Z</xmp:CreateDate>", "/Lang (de)",
		"/FontFile2", "/FontFile3", "/Subtype /CIDFontType0C", "/CIDToGIDMap /Identity", "/ToUnicode", "/ID [<", "+Inter-Regular", "+NotoSansArabic-Bold", "+NotoSansHebrew-Regular",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the file lacks %s", want)
		}
	}
	for _, bad := range []string{"/Encrypt", "/JavaScript", "/SMask", "/LZWDecode", "/OpenAction", "/AA", "/EmbeddedFile", "/Interpolate true", "/TR"} {
		if strings.Contains(text, bad) {
			t.Errorf("the file has %s", bad)
		}
	}
	if strings.Count(text, "/Type /FontDescriptor") != strings.Count(text, "/FontFile") {
		t.Error("a font is not within")
	}
	if at := regexp.MustCompile(`startxref\n(\d+)\n`).FindStringSubmatch(text); at == nil || !strings.HasPrefix(text[atoi(at[1]):], "xref\n") {
		t.Error("the table of objects is not where the end says")
	}
	if again := written(t, "Beleg für Müller & Söhne", "إيصال محمد", "אבג"); !bytes.Equal(again, file) {
		t.Error("the same document is another file")
	}
}

func atoi(s string) (n int) {
	for _, r := range s {
		n = n*10 + int(r-'0')
	}
	return n
}

// Fonts hold the letters of the document alone.
func TestFontsAreCutDown(t *testing.T) {
	if n := len(written(t, "Receipt 2026-00001")); n > 60_000 {
		t.Errorf("a line takes %d bytes", n)
	}
}

// Another program finds nothing to complain about, and reads what was written.
func TestPopplerReadsIt(t *testing.T) {
	program, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Skip("poppler is not installed; scripts/packages.sh installs it")
	}
	path := filepath.Join(t.TempDir(), "look.pdf")
	lines := []string{"Beleg 2026-00001 für Müller & Söhne", "Ωμέγα Привет fi ffl", "إيصال محمد", "אבג", "1.234,50 €"}
	if err := os.WriteFile(path, written(t, lines...), 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), program, path, "-")
	var complaints bytes.Buffer
	command.Stderr = &complaints
	out, err := command.Output()
	if err != nil || complaints.Len() > 0 {
		t.Fatalf("%v, %s", err, complaints.String())
	}
	read := strings.NewReplacer("\u202a", "", "\u202b", "", "\u202c", "", "\u200e", "", "\u200f", "").Replace(string(out))
	for _, line := range lines {
		if strings.Count(read, line) != 2 { // in both weights
			t.Errorf("%q is not in %q twice", line, read)
		}
	}
}

// A reader that follows every object, stream and length finds nothing wrong in the structure,
// and each font is within, cut down and can be read back as text.
func TestQpdfFindsNothingWrong(t *testing.T) {
	path := filepath.Join(t.TempDir(), "check.pdf")
	if err := os.WriteFile(path, written(t, "Beleg für Müller & Söhne", "إيصال محمد", "אבג"), 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(name string, args ...string) string {
		t.Helper()
		program, err := exec.LookPath(name)
		if err != nil {
			t.Skipf("%s is not installed; scripts/packages.sh installs it", name)
		}
		out, err := exec.CommandContext(t.Context(), program, append(args, path)...).CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", name, err, out)
		}
		return string(out)
	}
	if said := run("qpdf", "--check"); strings.Contains(said, "WARNING") || !strings.Contains(said, "No syntax or stream encoding errors found") {
		t.Errorf("qpdf --check: %s", said)
	}
	fonts := strings.Split(strings.TrimSpace(run("pdffonts")), "\n")
	if len(fonts) < 3 {
		t.Fatalf("pdffonts lists %q", fonts)
	}
	for _, font := range fonts[2:] {
		if !regexp.MustCompile(`^[A-Z]{6}\+\S+ .* yes yes yes `).MatchString(font) { // within, cut down, with ToUnicode
			t.Errorf("pdffonts: %s", font)
		}
	}
}
