package visit

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"smartlinks/internal/filelock"
)

// maxSpool bounds what waits in the spool of one process, in bytes: some million views.
const maxSpool = 1 << 30

// spool keeps views in files while the database is away. A view is added once it
// would survive a kill. The owner of a file holds a lock on it, so that a
// process takes over only what a dead one left behind.
type spool struct {
	dir string

	mu      sync.Mutex
	file    *os.File
	size    int64 // of all files that wait, those of dead processes too
	written int64

	syncing sync.Mutex
	synced  int64
}

// errSpoolFull says that too many views wait for the database.
var errSpoolFull = errors.New("visit: the spool is full")

// add writes the view and returns when it is on the disk. Views that are added
// at once share the flush.
func (s *spool) add(v View) error {
	line, err := json.Marshal(v)
	if err != nil {
		return err
	}
	s.mu.Lock()
	file, mine, err := s.append(append(line, '\n'))
	s.mu.Unlock()
	if err != nil {
		return err
	}
	return s.flush(file, mine)
}

// append writes a line to the file, which is made for the first.
func (s *spool) append(line []byte) (*os.File, int64, error) {
	if s.size+int64(len(line)) > maxSpool {
		return nil, 0, errSpoolFull
	}
	if s.file == nil {
		if err := os.MkdirAll(s.dir, 0o700); err != nil {
			return nil, 0, err
		}
		file, err := os.CreateTemp(s.dir, "views-*.jsonl")
		if err != nil {
			return nil, 0, err
		}
		mine, err := filelock.Try(file)
		if err == nil && !mine {
			err = fmt.Errorf("%s was claimed by another process", file.Name())
		}
		if err != nil {
			file.Close()
			return nil, 0, err
		}
		s.file = file
	}
	if _, err := s.file.Write(line); err != nil {
		return nil, 0, err
	}
	s.size += int64(len(line))
	s.written++
	return s.file, s.written, nil
}

// flush makes sure that line number mine is on the disk.
func (s *spool) flush(file *os.File, mine int64) error {
	s.syncing.Lock()
	defer s.syncing.Unlock()
	if s.synced >= mine {
		return nil
	}
	s.mu.Lock()
	all := s.written
	s.mu.Unlock()
	if err := file.Sync(); err != nil {
		return err
	}
	s.synced = all
	return nil
}

// take hands over the file that is written, if there is one; the next view
// begins another. Whoever takes it hands it to remove.
func (s *spool) take() *os.File {
	s.syncing.Lock() // nobody is between a line and its flush
	defer s.syncing.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	file := s.file
	if file != nil {
		if err := file.Sync(); err != nil {
			return nil // it stays until it can be flushed
		}
		s.synced = s.written
	}
	s.file = nil
	return file
}

// remove ends a file that holds nothing any more that isn't stored.
func (s *spool) remove(file *os.File) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if err := os.Remove(file.Name()); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.size -= info.Size()
	return file.Close()
}

// left opens the files of processes that are dead.
func (s *spool) left() ([]*os.File, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	names, err := filepath.Glob(filepath.Join(s.dir, "views-*.jsonl"))
	var files []*os.File
	for _, name := range names {
		file, err := os.Open(name)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return files, err
		}
		if mine, err := filelock.Try(file); err != nil || !mine {
			file.Close() // its owner lives
			continue
		}
		if info, err := file.Stat(); err == nil {
			s.size += info.Size()
		}
		files = append(files, file)
	}
	return files, err
}

// each hands out the views of a file in parts. A line that was cut off belonged
// to a view that nobody was told is stored.
func each(file *os.File, do func([]View) error) error {
	if _, err := file.Seek(0, 0); err != nil {
		return err
	}
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	var part []View
	for lines.Scan() {
		var v View
		if json.Unmarshal(lines.Bytes(), &v) != nil {
			continue
		}
		if part = append(part, v); len(part) == maxStored {
			if err := do(part); err != nil {
				return err
			}
			part = nil
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("read %s: %w", file.Name(), err)
	}
	if len(part) == 0 {
		return nil
	}
	return do(part)
}
