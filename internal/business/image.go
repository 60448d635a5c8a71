package business

import (
	"context"
	"errors"

	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/id"
	"smartlinks/internal/picture"
)

// Image is a stored picture of a business: its logo, or one of a product. It
// never changes: a new picture gets a new id, so that browsers may keep it for
// ever.
type Image struct {
	ContentType string `db:"content_type"` // image/jpeg or image/png
	Width       int    `db:"width"`        // pixels
	Height      int    `db:"height"`
	Body        []byte `db:"body"`
}

// Image returns a picture of the business, or a NotFound fault. The ids of
// pictures can't be guessed, and whoever sees a page knows those on it.
func (s *Businesses) Image(ctx context.Context, businessID ID, imageID string) (Image, error) {
	notFound := fault.New(fault.NotFound, "There is no such picture.")
	if !id.Valid("img", imageID) {
		return Image{}, notFound
	}
	var i Image
	err := s.db.Get(ctx, &i, `
		SELECT content_type, width, height, body FROM images WHERE business_id = $1 AND id = $2`, businessID, imageID)
	if errors.Is(err, db.ErrNoRows) {
		return Image{}, notFound
	}
	return i, err
}

// KeepImage stores a picture of the business and returns its id.
func KeepImage(ctx context.Context, tx *db.Tx, businessID ID, p picture.Picture) (imageID string, err error) {
	if imageID, err = tx.NewID("img"); err != nil {
		return "", err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO images (id, business_id, content_type, width, height, body, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		imageID, businessID, p.ContentType, p.Width, p.Height, p.Body, db.At(tx.Now()))
	return imageID, err
}

// DropImage removes a picture that nothing shows any more; "" is none.
func DropImage(ctx context.Context, tx *db.Tx, businessID ID, imageID string) error {
	if imageID == "" {
		return nil
	}
	_, err := tx.Exec(ctx, `DELETE FROM images WHERE business_id = $1 AND id = $2`, businessID, imageID)
	return err
}
