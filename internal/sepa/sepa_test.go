package sepa_test

import (
	"bytes"
	"errors"
	"image/png"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	"pgregory.net/rapid"

	"smartlinks/internal/qr"
	"smartlinks/internal/sepa"
)

func TestIBANsAreCheckedToTheDigit(t *testing.T) {
	for typed, want := range map[string]string{
		"NL91 ABNA 0417 1643 00": "NL91ABNA0417164300", "de89370400440532013000": "DE89370400440532013000", "FR14 2004 1010 0505 0001 3M02 606": "FR1420041010050500013M02606",
		"GB29-NWBK-6016-1331-9268-19": "GB29NWBK60161331926819", "MT84 MALT 0110 0001 2345 MTLC AST0 01S": "MT84MALT011000012345MTLCAST001S",
	} {
		if got, err := sepa.ParseIBAN(typed); err != nil || got != want {
			t.Errorf("%s is %s, %v", typed, got, err)
		}
	}
	for typed, want := range map[string]error{
		"": sepa.ErrForm, "hello": sepa.ErrForm, "NL91 ABNA 0417 1643 01": sepa.ErrDigits, "NL91 ABNA 0417 1643": sepa.ErrLength, "NL91 ABNA 0417 1643 000": sepa.ErrLength,
		"SA03 8000 0000 6080 1016 7519": sepa.ErrOutside, "NL91 ABNÄ 0417 1643 00": sepa.ErrForm,
	} {
		if _, err := sepa.ParseIBAN(typed); !errors.Is(err, want) {
			t.Errorf("%s: %v", typed, err)
		}
	}
}

// A wrong digit anywhere is found: that is what the check digits are for.
func TestAnyWrongDigitOfAReferenceIsFound(t *testing.T) {
	if !sepa.ValidReference("RF18 5390 0754 7034") || sepa.Reference("539007547034") != "RF18539007547034" {
		t.Error("the example of ISO 11649")
	}
	rapid.Check(t, func(rt *rapid.T) {
		r := sepa.Reference(rapid.StringMatching(`[0-9A-Z]{1,21}`).Draw(rt, "of"))
		if !sepa.ValidReference(sepa.FormatReference(strings.ToLower(r))) {
			rt.Fatalf("%s does not fit itself", r)
		}
		at := rapid.IntRange(4, len(r)-1).Draw(rt, "at")
		wrong := []byte(r)
		if wrong[at] = byte(rapid.SampledFrom([]rune("0123456789")).Draw(rt, "digit")); wrong[at] != r[at] && r[at] <= '9' && sepa.ValidReference(string(wrong)) {
			rt.Fatalf("%s passes for %s", wrong, r)
		}
	})
}

// What banks' apps scan is the document's own layout, to the letter.
func TestTheCodeOfATransferIsReadBack(t *testing.T) {
	text, err := sepa.Transfer{Name: "Studio Noord B.V.", IBAN: "NL91ABNA0417164300", BIC: "ABNANL2A", Cents: 12000, Reference: sepa.Reference("539007547034")}.EPC()
	if want := "BCD\n002\n1\nSCT\nABNANL2A\nStudio Noord B.V.\nNL91ABNA0417164300\nEUR120.00\n\nRF18539007547034"; err != nil || text != want {
		t.Fatalf("%q, %v", text, err)
	}
	for name := range map[string]bool{"Bäckerei Müller & Söhne": true, strings.Repeat("é", 90): true} {
		text, err := sepa.Transfer{Name: name, IBAN: "NL91ABNA0417164300", Cents: 999_999_999_99, Reference: sepa.Reference("ABCDEFGHIJKLMNOPQRSTU")}.EPC()
		if err != nil || len(text) > 331 || strings.HasSuffix(text, "\n") {
			t.Errorf("%q, %v", text, err)
		}
		code, err := qr.New(text)
		if err != nil {
			t.Fatal(err)
		}
		if modules := code.Edge() - 2*qr.QuietZone; modules > 17+4*13 {
			t.Errorf("the code has %d modules", modules)
		}
		picture, err := code.PNG(600)
		if err != nil {
			t.Fatal(err)
		}
		drawn, err := png.Decode(bytes.NewReader(picture))
		if err != nil {
			t.Fatal(err)
		}
		bitmap, err := gozxing.NewBinaryBitmapFromImage(drawn)
		if err != nil {
			t.Fatal(err)
		}
		read, err := qrcode.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_CHARACTER_SET: "UTF-8"})
		if err != nil || read.GetText() != text || read.GetResultMetadata()[gozxing.ResultMetadataType_ERROR_CORRECTION_LEVEL] != "M" {
			t.Errorf("read back: %v, %v", read, err)
		}
	}
	if _, err := (sepa.Transfer{Cents: 0}).EPC(); err == nil {
		t.Error("nothing is asked for")
	}
}
