package spreadsheet_test

import (
	"slices"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"smartlinks/internal/spreadsheet"
)

func TestTheEncodingOfAFileIsRecognised(t *testing.T) {
	const western = "name;city;notes\r\nZoë Müller;Köln;Schöne Grüße, 25 €\r\nAndré Lefèvre;Besançon;Garçon à l’école\r\nÑuño Peña;A Coruña;¿Mañana?\r\nÅsa Öberg;Malmö;ok\r\n"
	for _, c := range []struct {
		want    spreadsheet.Encoding
		in      encoding.Encoding
		text    string
		certain bool
	}{
		{"utf-8", encoding.Nop, western, true},
		{"utf-8", encoding.Nop, "name,email\nJan,jan@example.com\n", true},
		{"utf-8", unicode.UTF8BOM, western, true},
		{"utf-16le", unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), western, true},
		{"utf-16be", unicode.UTF16(unicode.BigEndian, unicode.UseBOM), western, true},
		{"utf-16le", unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), western, true},
		{"utf-16be", unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), western, true},
		{"utf-16le", unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), "имя;город\r\nИван Петров;Москва\r\n", true},
		{"windows-1252", charmap.Windows1252, western, false},
		{"windows-1252", charmap.Windows1252, "name\nZoë\n", false},
		{"iso-8859-15", charmap.ISO8859_15, "name;price\nZoë;25 €\nNœud;3 €\n", false},
		{"macintosh", charmap.Macintosh, western, false},
		{"macintosh", charmap.Macintosh, "name\nZoë\nAndré\n", false},
		{"ibm850", charmap.CodePage850, "name;city\nZoë Müller;Köln\nAndré Lefèvre;Besançon\nJörg Weiß;Straße\n", false},
		{"windows-1250", charmap.Windows1250, "name;city\nŁukasz Wałęsa;Łódź\nZdeněk Dvořák;Plzeň\nJiří Žižka;Brno\n", false},
		{"windows-1251", charmap.Windows1251, "имя;город\nИван Петров;Москва\nОльга Щукина;Нижний Новгород\n", false},
		{"windows-1253", charmap.Windows1253, "όνομα;πόλη\nΓιάννης Παπαδόπουλος;Αθήνα\nΕλένη;Θεσσαλονίκη\n", false},
		{"windows-1254", charmap.Windows1254, "ad;şehir\nAyşe Yıldız;İstanbul\nOğuz Şahin;Eskişehir\n", false},
		{"windows-1256", charmap.Windows1256, "الاسم;المدينة\nمحمد;القاهرة\nفاطمة;الرباط\n", false},
	} {
		file, err := c.in.NewEncoder().Bytes([]byte(c.text))
		if err != nil {
			t.Fatalf("%s: %v", c.want, err)
		}
		e, certain := spreadsheet.Recognise(file)
		if e != c.want || certain != c.certain {
			t.Errorf("%s: taken for %s, certain: %v", c.want, e, certain)
		}
		if text, err := spreadsheet.Decode(file, c.want); err != nil || text != c.text {
			t.Errorf("%s: read as %q, %v", c.want, text, err)
		}
	}
	if _, err := spreadsheet.Decode([]byte("x"), "klingon"); err == nil {
		t.Error("an encoding that nobody knows is read")
	}
	if _, err := spreadsheet.Decode([]byte("\ufeffM\xfcller"), spreadsheet.UTF8); err == nil {
		t.Error("UTF-8 that is none is read")
	}
	if got := spreadsheet.Words("name;Zoë \"Müller\",Zoë\nJan|Köln", 2); !slices.Equal(got, []string{"Zoë", "Müller"}) {
		t.Errorf("%q", got)
	}
}
