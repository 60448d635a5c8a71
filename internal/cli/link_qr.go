package cli

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
)

type qrCommand struct {
	server `group:"The server:"`
	one
	File   string `help:"Where to save it; the link's path with the format's ending when left out, - for stdout."`
	Format string `enum:"png,svg,pdf" default:"png" help:"png, svg or pdf."`
	Size   int    `default:"1000" help:"Width in pixels, 64 to 2000."`
}

// Run saves the QR code of a link's address. A file that is there already stays.
func (c qrCommand) Run(ctx context.Context, to Streams) error {
	at, err := c.client(to)
	if err != nil {
		return err
	}
	l, _, err := at.find(ctx, c.Link)
	if err != nil {
		return err
	}
	page, err := l.page()
	if err != nil {
		return err
	}
	code := page.JoinPath("qr." + c.Format)
	code.RawQuery = url.Values{"size": {strconv.Itoa(c.Size)}}.Encode()
	picture, err := at.visit(ctx, http.MethodGet, code, nil)
	if err != nil {
		return err
	}
	defer picture.Body.Close()
	drawn, err := io.ReadAll(io.LimitReader(picture.Body, maxAnswer))
	if err != nil || picture.StatusCode != http.StatusOK {
		return failed("The server answered %s to the request for the QR code. --size goes from 64 to 2000.", picture.Status)
	}
	if c.File == "-" {
		_, err = to.Out.Write(drawn)
		return err
	}
	name := c.File
	if name == "" {
		name = l.Path + "." + c.Format
	}
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return failed("%s can't be made: %v. Choose another name with --file.", name, err)
	}
	if _, err := file.Write(drawn); err != nil {
		file.Close()
		return fmt.Errorf("%s can't be written: %w", name, err)
	}
	if err := file.Close(); err != nil {
		return fmt.Errorf("%s can't be written: %w", name, err)
	}
	_, err = fmt.Fprintln(to.Out, name)
	return err
}
