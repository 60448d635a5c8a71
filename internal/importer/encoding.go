package importer

import (
	"context"
	"errors"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/spreadsheet"
)

// wordsShown is how many words tell people whether a file was read rightly.
const wordsShown = 8

// Words are some words of a ready import with letters beyond ASCII, by which people see
// whether its encoding was guessed rightly. There are none when the file tells its
// encoding, or is not kept any more.
func (s *Imports) Words(ctx context.Context, businessID business.ID, i Import) ([]string, error) {
	if i.Guessed == "" || i.State != Ready {
		return nil, nil
	}
	file, err := s.original(ctx, businessID, i.ID)
	if err != nil || file == nil {
		return nil, err
	}
	text, err := decoded(file, i.Guessed)
	if err != nil {
		return nil, err
	}
	return spreadsheet.Words(text, wordsShown), nil
}

// ReadAs reads a ready import's file in another encoding, as an import of its own which
// takes the place of this one; the columns are guessed anew, the options stay. Errors:
// NotFound, Conflict when it was started or the file is not kept any more, Invalid at
// "file" when the file can't be read so.
func (s *Imports) ReadAs(ctx context.Context, b business.Business, id ID, e spreadsheet.Encoding, by string) (Import, error) {
	i, err := s.Get(ctx, b.ID, id)
	if err != nil {
		return Import{}, err
	}
	if i.State != Ready {
		return Import{}, errStarted
	}
	file, err := s.original(ctx, b.ID, id)
	if err != nil {
		return Import{}, err
	}
	if file == nil {
		return Import{}, fault.New(fault.Conflict, "This file is not kept any more. Upload it again.")
	}
	again, err := s.read(ctx, b, i.Kind, i.Name, file, e, e, by, Foreign{KeepPaths: true})
	if err != nil {
		return Import{}, err
	}
	if err := s.Choose(ctx, b.ID, again.ID, again.Fields, i.Options); err != nil {
		return Import{}, err
	}
	// Who started the old one meanwhile has both: the new one makes nothing twice.
	if err := s.Discard(ctx, b.ID, id); err != nil && !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.NotFound) {
		return Import{}, err
	}
	return again, nil
}

// original is the file of an import, nil when it is not kept.
func (s *Imports) original(ctx context.Context, businessID business.ID, id ID) ([]byte, error) {
	var file []byte
	err := s.DB.Get(ctx, &file, `SELECT original FROM imports WHERE business_id = $1 AND id = $2`, businessID, id)
	if errors.Is(err, db.ErrNoRows) {
		return nil, nil
	}
	return file, err
}
