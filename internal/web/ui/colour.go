package ui

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// colour is sRGB with components from 0 to 1.
type colour struct{ r, g, b float64 }

// parseColour reads "#rgb" or "#rrggbb", with or without "#".
func parseColour(hex string) (colour, bool) {
	hex = strings.TrimPrefix(strings.TrimSpace(hex), "#")
	if len(hex) == 3 {
		hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
	}
	if len(hex) != 6 {
		return colour{}, false
	}
	n, err := strconv.ParseUint(hex, 16, 32)
	if err != nil {
		return colour{}, false
	}
	return colour{float64(n>>16&255) / 255, float64(n>>8&255) / 255, float64(n&255) / 255}, true
}

func (c colour) String() string { return "#" + c.digits() }

func (c colour) digits() string {
	eight := func(v float64) uint8 { return uint8(math.Round(min(max(v, 0), 1) * 255)) }
	return fmt.Sprintf("%02x%02x%02x", eight(c.r), eight(c.g), eight(c.b))
}

// rounded is the colour a browser will show: eight bits a component.
func (c colour) rounded() colour {
	exact, _ := parseColour(c.digits())
	return exact
}

// mix returns share of c over other, component by component.
func (c colour) mix(other colour, share float64) colour {
	blend := func(a, b float64) float64 { return a*share + b*(1-share) }
	return colour{blend(c.r, other.r), blend(c.g, other.g), blend(c.b, other.b)}
}

// luminance is WCAG 2.2's relative luminance.
func (c colour) luminance() float64 {
	return 0.2126*linear(c.r) + 0.7152*linear(c.g) + 0.0722*linear(c.b)
}

// contrast is WCAG 2.2's contrast ratio, from 1 to 21.
func contrast(a, b colour) float64 {
	la, lb := a.luminance(), b.luminance()
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func linear(v float64) float64 {
	if v <= 0.04045 {
		return v / 12.92
	}
	return math.Pow((v+0.055)/1.055, 2.4)
}

func gamma(v float64) float64 {
	if v <= 0.0031308 {
		return v * 12.92
	}
	return 1.055*math.Pow(v, 1/2.4) - 0.055
}

// oklch is Björn Ottosson's OKLab in polar form: lightness 0 to 1, chroma, and
// hue in radians. Changing the lightness keeps what people call the colour.
type oklch struct{ l, c, h float64 }

func (c colour) oklch() oklch {
	r, g, b := linear(c.r), linear(c.g), linear(c.b)
	l := math.Cbrt(0.4122214708*r + 0.5363325363*g + 0.0514459929*b)
	m := math.Cbrt(0.2119034982*r + 0.6806995451*g + 0.1073969566*b)
	s := math.Cbrt(0.0883024619*r + 0.2817188376*g + 0.6299787005*b)
	lightness := 0.2104542553*l + 0.7936177850*m - 0.0040720468*s
	a := 1.9779984951*l - 2.4285922050*m + 0.4505937099*s
	bb := 0.0259040371*l + 0.7827717662*m - 0.8086757660*s
	return oklch{lightness, math.Hypot(a, bb), math.Atan2(bb, a)}
}

// colour converts back, lowering the chroma until sRGB can show it.
func (o oklch) colour() colour {
	for o.c > 0 {
		if c, ok := o.inGamut(); ok {
			return c.rounded()
		}
		o.c = max(0, o.c-0.002)
	}
	c, _ := o.inGamut()
	return c.rounded()
}

func (o oklch) inGamut() (colour, bool) {
	a, b := o.c*math.Cos(o.h), o.c*math.Sin(o.h)
	l := math.Pow(o.l+0.3963377774*a+0.2158037573*b, 3)
	m := math.Pow(o.l-0.1055613458*a-0.0638541728*b, 3)
	s := math.Pow(o.l-0.0894841775*a-1.2914855480*b, 3)
	c := colour{
		gamma(4.0767416621*l - 3.3077115913*m + 0.2309699292*s),
		gamma(-1.2684380046*l + 2.6097574011*m - 0.3413193965*s),
		gamma(-0.0041960863*l - 0.7034186147*m + 1.7076147010*s),
	}
	const slack = 1e-4
	ok := min(c.r, c.g, c.b) >= -slack && max(c.r, c.g, c.b) <= 1+slack
	return c, ok
}
