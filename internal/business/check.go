package business

// Check says what is wrong with a draft before anything is stored, as Create
// would; whether the handle is taken it can't tell.
func (d Draft) Check() error {
	b := d.business()
	return b.clean()
}
