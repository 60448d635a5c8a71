package business

import (
	"context"
	"errors"

	"smartlinks/internal/fault"
	"smartlinks/internal/picture"
)

// logoLimits keep what is shown at 40 pixels sharp on any screen and in mails,
// and small enough for every page to carry it.
func logoLimits() picture.Limits {
	return picture.Limits{Megabytes: 2, Megapixels: 16, Side: 256}
}

// readLogo makes a logo of a file; nil without one. What is wrong with the
// file is noted at the field "logo".
func (s *Businesses) readLogo(ctx context.Context, file []byte) (*picture.Picture, fault.Fields, error) {
	if len(file) == 0 {
		return nil, nil, nil
	}
	logo, err := s.logos.Read(ctx, file)
	if refused := (*picture.Refusal)(nil); errors.As(err, &refused) {
		var fields fault.Fields
		fields.Add("logo", refused.Code, refused.Message)
		return nil, fields, nil
	}
	return &logo, nil, err
}
