package visit

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"smartlinks/internal/db/dbtest"
)

// While the database is slow, so many views wait in memory, and then so many bytes on the
// disk. What comes after that is counted as lost, and its page is shown at once.
func TestViewsThatWaitAreBounded(t *testing.T) {
	d := dbtest.SQLite(t)
	folder := t.TempDir()
	r, err := NewRecorder(t.Context(), d, folder, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	r.Close() // from here on nothing is taken out of memory, as if a transaction hung
	v := View{BusinessID: "biz_1", TargetID: "lnk_1", At: dbtest.Start, Class: Human, Channel: "qr"}
	for i := range maxPending {
		if _, ok := r.add(v); !ok {
			t.Fatalf("only %d views wait", i)
		}
	}
	if err := r.Record(t.Context(), v); err != nil || r.Late() != 1 || len(r.batch.views) != maxPending {
		t.Errorf("one more: %v, %d are in the spool, %d in memory", err, r.Late(), len(r.batch.views))
	}
	r.spool.size = maxSpool - r.spool.size // so that one more of the same length just fits
	if err := r.Record(t.Context(), v); err != nil || r.Late() != 2 || r.spool.size != maxSpool {
		t.Errorf("the last that fits: %v, %d are in the spool", err, r.Late())
	}
	if err := r.Record(t.Context(), v); !errors.Is(err, ErrLost) || r.Lost() != 1 || r.Late() != 2 {
		t.Errorf("the spool is full: %v, %d are lost", err, r.Lost())
	}
	r.spool = nil
	if err := r.Record(t.Context(), v); !errors.Is(err, ErrLost) || r.Lost() != 2 || len(r.batch.views) != maxPending {
		t.Errorf("without a folder: %v, %d are lost, %d in memory", err, r.Lost(), len(r.batch.views))
	}
}

// A file that is taken to be stored still takes room, until it is removed; so does one
// that a dead process left.
func TestTheSpoolCountsAllFilesThatWait(t *testing.T) {
	folder := t.TempDir()
	onDisk := func() (sum int64) {
		t.Helper()
		names, err := filepath.Glob(filepath.Join(folder, "*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			info, err := os.Stat(name)
			if err != nil {
				t.Fatal(err)
			}
			if info.Mode().Perm() != 0o600 {
				t.Errorf("others may read a file of the spool: %v", info.Mode())
			}
			sum += info.Size()
		}
		return sum
	}
	s := &spool{dir: folder}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		if s.size != onDisk() {
			t.Errorf("%d bytes are counted, %d are there", s.size, onDisk())
		}
	}
	must(s.add(View{TargetID: "lnk_1"}))
	first := s.take()
	must(s.add(View{TargetID: "lnk_2"}))
	must(s.add(View{TargetID: "lnk_3"}))
	must(s.remove(first))
	s.file.Close() // the process dies
	s = &spool{dir: folder}
	left, err := s.left()
	must(err)
	must(s.add(View{TargetID: "lnk_4"}))
	must(s.remove(left[0]))
	must(s.remove(s.take()))
	if s.size != 0 {
		t.Errorf("%d bytes are counted of nothing", s.size)
	}
}
