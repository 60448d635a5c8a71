package product

import (
	"context"
	"errors"

	"smartlinks/internal/fault"
	"smartlinks/internal/picture"
)

// pictureLimits let phones' photographs in: they have 12 to 24 megapixels by
// default.
func pictureLimits() picture.Limits {
	return picture.Limits{Megabytes: 5, Megapixels: 40, Side: 1600}
}

// readPicture notes what is wrong with a file at the field "image".
func (s *Products) readPicture(ctx context.Context, file []byte, fields *fault.Fields) (*picture.Picture, error) {
	p, err := s.pictures.Read(ctx, pictureLimits(), file)
	if refused := (*picture.Refusal)(nil); errors.As(err, &refused) {
		fields.Add("image", refused.Code, refused.Message)
		return nil, nil
	}
	return &p, err
}
