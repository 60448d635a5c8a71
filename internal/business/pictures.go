package business

import (
	"context"
	"errors"

	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/picture"
)

// logoLimits keep what is shown at 40 pixels sharp on any screen and in mails,
// and small enough for every page to carry it.
func logoLimits() picture.Limits {
	return picture.Limits{Megabytes: 2, Megapixels: 16, Side: 256}
}

// coverLimits leave a page with a cover within its 30 KB.
func coverLimits() picture.Limits {
	return picture.Limits{Megabytes: 5, Megapixels: 40, Side: 900, Kilobytes: 15}
}

// pictures are those that a change brings; nil keeps what is there.
type pictures struct{ logo, cover *picture.Picture }

// readPictures makes pictures of the files of a change. What is wrong with one
// is noted at its field.
func (s *Businesses) readPictures(ctx context.Context, p Patch) (fresh pictures, wrong fault.Fields, err error) {
	for _, file := range []struct {
		field  string
		body   []byte
		limits picture.Limits
		to     **picture.Picture
	}{{"logo", p.Logo, logoLimits(), &fresh.logo}, {"cover", p.Cover, coverLimits(), &fresh.cover}} {
		if len(file.body) == 0 {
			continue
		}
		made, err := s.pictures.Read(ctx, file.limits, file.body)
		if refused := (*picture.Refusal)(nil); errors.As(err, &refused) {
			wrong.Add(file.field, refused.Code, refused.Message)
			continue
		}
		if err != nil {
			return pictures{}, nil, err
		}
		*file.to = &made
	}
	return fresh, wrong, nil
}

// keep stores the pictures and lets the business show them.
func (fresh pictures) keep(ctx context.Context, tx *db.Tx, b *Business) (err error) {
	if fresh.logo != nil {
		if b.LogoID, err = KeepImage(ctx, tx, b.ID, *fresh.logo); err != nil {
			return err
		}
	}
	if fresh.cover != nil {
		b.CoverID, err = KeepImage(ctx, tx, b.ID, *fresh.cover)
	}
	return err
}

// dropPictures removes what the business no longer shows.
func dropPictures(ctx context.Context, tx *db.Tx, before, after Business) error {
	if before.LogoID != after.LogoID {
		if err := DropImage(ctx, tx, after.ID, before.LogoID); err != nil {
			return err
		}
	}
	if before.CoverID == after.CoverID {
		return nil
	}
	return DropImage(ctx, tx, after.ID, before.CoverID)
}

// mailPictureLimits keep a picture within a mail sharp, and the mail light.
func mailPictureLimits() picture.Limits {
	return picture.Limits{Megabytes: 5, Megapixels: 40, Side: 928, Kilobytes: 60}
}

// maxMailPictures is how many pictures of mails a business keeps. Mails that were sent lead to
// them, so many stay; every file that is chosen in the form of a mail is one, saved or not.
const maxMailPictures = 100

// KeepMailPicture stores a picture that mails of the business show, and returns its id and
// size in pixels. The oldest that no template shows makes room. A file that is refused is an
// Invalid fault of that field; so is one more than templates may show.
func (s *Businesses) KeepMailPicture(ctx context.Context, businessID ID, field string, file []byte) (imageID string, width, height int, err error) {
	made, err := s.pictures.Read(ctx, mailPictureLimits(), file)
	if refused := (*picture.Refusal)(nil); errors.As(err, &refused) {
		var wrong fault.Fields
		wrong.Add(field, refused.Code, refused.Message)
		return "", 0, 0, wrong.Err()
	}
	if err != nil {
		return "", 0, 0, err
	}
	err = s.db.InTx(ctx, func(tx *db.Tx) error {
		if err := makeRoom(ctx, tx, businessID, field); err != nil {
			return err
		}
		if imageID, err = KeepImage(ctx, tx, businessID, made); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE images SET in_mails = TRUE WHERE business_id = $1 AND id = $2`, businessID, imageID)
		return err
	})
	return imageID, made.Width, made.Height, err
}

// makeRoom removes the oldest picture of mails that no template shows, where there are as
// many as a business keeps.
func makeRoom(ctx context.Context, tx *db.Tx, businessID ID, field string) error {
	if err := tx.Lock(ctx, "mail pictures "+string(businessID)); err != nil {
		return err
	}
	var kept int64
	if err := tx.Get(ctx, &kept, `SELECT COUNT(*) FROM images WHERE business_id = $1 AND in_mails`, businessID); err != nil || kept < maxMailPictures {
		return err
	}
	n, err := tx.Exec(ctx, `DELETE FROM images WHERE business_id = $1 AND id = (SELECT i.id FROM images i WHERE i.business_id = $1 AND i.in_mails
		AND NOT EXISTS (SELECT 1 FROM mail_templates t WHERE t.business_id = $1 AND t.body LIKE '%' || i.id || '%') ORDER BY i.created_at LIMIT 1)`, businessID)
	if err == nil && n == 0 {
		var wrong fault.Fields
		wrong.Add(field, "pictures.many", "Your emails show as many pictures as are kept. Take one out of an email first.")
		err = wrong.Err()
	}
	return err
}
