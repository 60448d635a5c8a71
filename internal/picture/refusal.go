package picture

import "fmt"

// Refusal is why a file is not accepted.
type Refusal struct {
	Code    string // such as "image.type"
	Message string // a sentence that tells what to do
}

func (r *Refusal) Error() string { return r.Message }

func tooLarge(l Limits) error {
	return &Refusal{"image.large", fmt.Sprintf("This picture is larger than %d MB. Make it smaller and try again.", l.Megabytes)}
}

func wrongType() error {
	return &Refusal{"image.type", "Use a JPEG, PNG, WebP or GIF picture."}
}

func tooManyPixels(l Limits) error {
	return &Refusal{"image.pixels", fmt.Sprintf("This picture has more than %d megapixels. Make it smaller and try again.", l.Megapixels)}
}

func tooMuchMemory() error {
	return &Refusal{"image.pixels", "This picture is too large to read. Make it smaller, or save it as a JPEG, and try again."}
}

func broken() error {
	return &Refusal{"image.broken", "This picture can't be read. Save it again as JPEG or PNG and try once more."}
}
