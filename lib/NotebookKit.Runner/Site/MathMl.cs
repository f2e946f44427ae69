using System.Text;

namespace NotebookKit.Runner.Site;

/// <summary>
/// Formulas in the part of TeX that the notebooks use, as MathML, which browsers draw without any script. A formula with anything else in it
/// is shown as its source, whole: a half-drawn formula would be a wrong one.
/// </summary>
internal static class MathMl
{
    private static readonly Dictionary<string, string> Identifiers = Pairs(
        "alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ iota ι kappa κ lambda λ mu μ nu ν xi ξ pi π rho ρ sigma σ tau τ phi ϕ varphi φ chi χ psi ψ omega ω " +
        "Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Phi Φ Psi Ψ Omega Ω ell ℓ infty ∞ emptyset ∅ top ⊤ bot ⊥");

    private static readonly Dictionary<string, string> Operators = Pairs(
        "cdot · times × div ÷ pm ± le ≤ leq ≤ ge ≥ geq ≥ ne ≠ neq ≠ approx ≈ equiv ≡ sim ∼ propto ∝ ll ≪ gg ≫ in ∈ notin ∉ subset ⊂ subseteq ⊆ cup ∪ cap ∩ setminus ∖ to → rightarrow → leftarrow ← " +
        "Rightarrow ⇒ iff ⇔ mapsto ↦ partial ∂ nabla ∇ forall ∀ exists ∃ mid ∣ parallel ∥ ldots … dots … cdots ⋯ vdots ⋮ circ ∘ odot ⊙ otimes ⊗ oplus ⊕ wedge ∧ vee ∨ neg ¬ prime ′ " +
        "{ { } } | ‖ langle ⟨ rangle ⟩ lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉ colon : lvert | rvert | lVert ‖ rVert ‖ % % _ _ # # & & $ $");

    private static readonly Dictionary<string, string> Large = Pairs("sum ∑ prod ∏ bigcup ⋃ bigcap ⋂ int ∫");

    private static readonly HashSet<string> Functions = ["log", "ln", "exp", "sin", "cos", "tanh", "min", "max", "arg", "argmin", "argmax", "sup", "inf", "lim", "det", "dim", "Pr", "gcd"];

    private static readonly HashSet<string> WithLimits = ["min", "max", "argmin", "argmax", "sup", "inf", "lim"];

    private static readonly Dictionary<string, string> Spaces = new() { [","] = "0.17em", [":"] = "0.22em", [";"] = "0.28em", ["!"] = "-0.17em", [" "] = "0.33em", ["quad"] = "1em", ["qquad"] = "2em" };

    private static readonly Dictionary<string, string> Accents = Pairs("hat ^ widehat ^ tilde ~ widetilde ~ bar ‾ overline ‾ vec → dot ˙");

    private static readonly Dictionary<string, string> Variants = Pairs("mathbf bold boldsymbol bold-italic bm bold-italic mathcal script mathbb double-struck mathrm normal mathit italic mathsf sans-serif mathtt monospace");

    /// <summary>MathML for <paramref name="tex"/>; if it holds something unknown, its source as code.</summary>
    /// <param name="tex">The formula without its dollar signs.</param>
    /// <param name="displayed">On a line of its own.</param>
    internal static string Write(string tex, bool displayed)
    {
        string source = PageShell.Encode(tex.Trim());
        try
        {
            var reader = new Reader(tex);
            string body = reader.Row(until: null);
            return $"<math{(displayed ? " display=\"block\"" : "")} aria-label=\"{source}\"><mrow>{body}</mrow></math>";
        }
        catch (UnknownTeXException)
        {
            return $"<code class=\"tex\">{source}</code>";
        }
    }

    private static Dictionary<string, string> Pairs(string text)
    {
        string[] words = text.Split(' ');
        return Enumerable.Range(0, words.Length / 2).ToDictionary(i => words[2 * i], i => words[(2 * i) + 1]);
    }

    private sealed class UnknownTeXException : Exception;

    private sealed class Reader(string tex)
    {
        private int _at;

        /// <summary>Everything up to <paramref name="until"/>, which is taken; to the end if that is null.</summary>
        internal string Row(string? until)
        {
            var row = new StringBuilder();
            while (true)
            {
                SkipSpace();
                if (_at >= tex.Length)
                {
                    return until is null ? row.ToString() : throw new UnknownTeXException();
                }

                if (until is not null && Take(until))
                {
                    return row.ToString();
                }

                row.Append(Scripted());
            }
        }

        /// <summary>An atom with what stands below and above it.</summary>
        private string Scripted()
        {
            var (atom, limits) = Atom();
            string? below = null, above = null;
            while (true)
            {
                SkipSpace();
                if (below is null && Take("_"))
                {
                    below = Argument();
                }
                else if (above is null && Take("^"))
                {
                    above = Argument();
                }
                else if (Take("'"))
                {
                    above = (above ?? "") + "<mo>′</mo>";
                }
                else
                {
                    break;
                }
            }

            var (both, under, over) = limits ? ("munderover", "munder", "mover") : ("msubsup", "msub", "msup");
            return (below, above) switch
            {
                (null, null) => atom,
                (not null, null) => $"<{under}>{atom}<mrow>{below}</mrow></{under}>",
                (null, not null) => $"<{over}>{atom}<mrow>{above}</mrow></{over}>",
                _ => $"<{both}>{atom}<mrow>{below}</mrow><mrow>{above}</mrow></{both}>",
            };
        }

        private (string Xml, bool Limits) Atom()
        {
            char c = tex[_at];
            if (c == '\\')
            {
                return Command();
            }

            if (char.IsAsciiDigit(c))
            {
                int start = _at;
                while (_at < tex.Length && (char.IsAsciiDigit(tex[_at]) || (tex[_at] is '.' or ',' && _at + 1 < tex.Length && char.IsAsciiDigit(tex[_at + 1]))))
                {
                    _at++;
                }

                return ($"<mn>{tex[start.._at]}</mn>", false);
            }

            _at++;
            return c switch
            {
                '{' => ($"<mrow>{Row("}")}</mrow>", false),
                '}' or '&' or '^' or '_' or '#' or '$' or '%' => throw new UnknownTeXException(),
                '~' => ("<mspace width=\"0.33em\"/>", false),
                '-' => ("<mo>−</mo>", false),
                '*' => ("<mo>∗</mo>", false),
                '|' => ("<mo stretchy=\"false\">|</mo>", false),
                '(' or ')' or '[' or ']' => ($"<mo stretchy=\"false\">{c}</mo>", false),
                _ when char.IsLetter(c) => ($"<mi>{c}</mi>", false),
                _ => ($"<mo>{PageShell.Encode(c.ToString())}</mo>", false),
            };
        }

        private (string Xml, bool Limits) Command()
        {
            string name = Name();
            if (Identifiers.TryGetValue(name, out string? letter))
            {
                return ($"<mi{(char.IsUpper(letter[0]) ? " mathvariant=\"normal\"" : "")}>{letter}</mi>", false);
            }

            if (Operators.TryGetValue(name, out string? sign))
            {
                return ($"<mo stretchy=\"false\">{PageShell.Encode(sign)}</mo>", false);
            }

            if (Large.TryGetValue(name, out string? large))
            {
                return ($"<mo>{large}</mo>", name != "int");
            }

            if (Functions.Contains(name))
            {
                return (Function(name), WithLimits.Contains(name));
            }

            if (Spaces.TryGetValue(name, out string? width))
            {
                return ($"<mspace width=\"{width}\"/>", false);
            }

            if (Accents.TryGetValue(name, out string? accent))
            {
                return ($"<mover accent=\"true\"><mrow>{Argument()}</mrow><mo>{accent}</mo></mover>", false);
            }

            if (Variants.TryGetValue(name, out string? variant))
            {
                return (Variant(variant), false);
            }

            switch (name)
            {
                case "frac" or "tfrac" or "dfrac":
                    return ($"<mfrac><mrow>{Argument()}</mrow><mrow>{Argument()}</mrow></mfrac>", false);
                case "sqrt":
                    return ($"<msqrt>{Argument()}</msqrt>", false);
                case "text" or "textrm" or "mbox" or "textit" or "textbf" or "texttt":
                    return ($"<mtext>{PageShell.Encode(Braced()).Replace(' ', '\u00A0')}</mtext>", false);
                case "operatorname" or "operatorname*":
                    string function = Braced().Replace("\\,", "\u2009", StringComparison.Ordinal).Trim();
                    return (Function(function), name.EndsWith('*') || function.Contains("arg", StringComparison.Ordinal));
                case "left":
                    return (Fence(), false);
                case "big" or "Big" or "bigl" or "bigr" or "Bigl" or "Bigr" or "displaystyle" or "limits":
                    return ("", false);
                case "underbrace":
                    return ($"<munder><mrow>{Argument()}</mrow><mo>⏟</mo></munder>", true);
                case "begin":
                    return (Environment(Braced()), false);
                default:
                    throw new UnknownTeXException();
            }
        }

        // The invisible operator "function application" carries the space between a name and its argument.
        private static string Function(string name) => $"<mrow><mi mathvariant=\"normal\">{PageShell.Encode(name)}</mi><mo lspace=\"0\" rspace=\"0.17em\">\u2061</mo></mrow>";

        private string Variant(string variant)
        {
            SkipSpace();
            int start = _at;
            if (_at < tex.Length && tex[_at] == '{')
            {
                string text = Braced();
                if (text.All(c => char.IsLetterOrDigit(c) || c is ' ' or '-'))
                {
                    return variant switch
                    {
                        "normal" => $"<mi mathvariant=\"normal\">{PageShell.Encode(text)}</mi>",
                        "sans-serif" or "monospace" => $"<mtext class=\"{variant}\">{PageShell.Encode(text)}</mtext>",
                        _ => $"<mi>{PageShell.Encode(string.Concat(text.EnumerateRunes().Select(r => Letter(r.Value, variant))))}</mi>",
                    };
                }
            }

            // A formula inside, not a word: draw it in the ordinary letters, in bold where that was asked for.
            _at = start;
            return $"<mrow{(variant.StartsWith("bold", StringComparison.Ordinal) ? " style=\"font-weight:bold\"" : "")}>{Argument()}</mrow>";
        }

        /// <summary>MathML Core knows variants only as characters of their own: the mathematical alphabets of Unicode.</summary>
        private static string Letter(int c, string variant)
        {
            int exception = (variant, c) switch
            {
                ("script", 'B') => 0x212C,
                ("script", 'E') => 0x2130,
                ("script", 'F') => 0x2131,
                ("script", 'H') => 0x210B,
                ("script", 'I') => 0x2110,
                ("script", 'L') => 0x2112,
                ("script", 'M') => 0x2133,
                ("script", 'R') => 0x211B,
                ("script", 'e') => 0x212F,
                ("script", 'g') => 0x210A,
                ("script", 'o') => 0x2134,
                ("double-struck", 'C') => 0x2102,
                ("double-struck", 'H') => 0x210D,
                ("double-struck", 'N') => 0x2115,
                ("double-struck", 'P') => 0x2119,
                ("double-struck", 'Q') => 0x211A,
                ("double-struck", 'R') => 0x211D,
                ("double-struck", 'Z') => 0x2124,
                _ => 0,
            };
            int first = variant switch { "bold" => 0x1D400, "bold-italic" => 0x1D468, "script" => 0x1D49C, "double-struck" => 0x1D538, _ => 0 };
            int digits = variant switch { "bold" or "bold-italic" => 0x1D7CE, "double-struck" => 0x1D7D8, _ => 0 };
            int code = exception != 0 ? exception
                : first != 0 && c is >= 'A' and <= 'Z' ? first + c - 'A'
                : first != 0 && c is >= 'a' and <= 'z' ? first + 26 + c - 'a'
                : digits != 0 && c is >= '0' and <= '9' ? digits + c - '0'
                : c;
            return char.ConvertFromUtf32(code);
        }

        private string Fence()
        {
            string open = Delimiter();
            var inside = new StringBuilder();
            while (true)
            {
                SkipSpace();
                if (_at >= tex.Length)
                {
                    throw new UnknownTeXException();
                }

                if (Take("\\right"))
                {
                    return $"<mrow>{Stretched(open)}{inside}{Stretched(Delimiter())}</mrow>";
                }

                inside.Append(Take("\\middle") ? Stretched(Delimiter()) : Scripted());
            }
        }

        private static string Stretched(string delimiter) => delimiter == "." ? "" : $"<mo stretchy=\"true\">{PageShell.Encode(delimiter)}</mo>";

        private string Delimiter()
        {
            SkipSpace();
            if (_at >= tex.Length)
            {
                throw new UnknownTeXException();
            }

            if (tex[_at] == '\\')
            {
                return Operators.TryGetValue(Name(), out string? sign) ? sign : throw new UnknownTeXException();
            }

            return tex[_at++].ToString();
        }

        private string Environment(string name)
        {
            if (name.TrimEnd('*') is not ("aligned" or "align" or "cases" or "matrix" or "pmatrix" or "bmatrix" or "split" or "gathered"))
            {
                throw new UnknownTeXException();
            }

            string end = $"\\end{{{name}}}";
            var rows = new List<List<StringBuilder>> { new() { new() } };
            while (true)
            {
                SkipSpace();
                if (_at >= tex.Length)
                {
                    throw new UnknownTeXException();
                }

                if (Take(end))
                {
                    break;
                }

                if (Take("\\\\"))
                {
                    rows.Add([new()]);
                }
                else if (Take("&"))
                {
                    rows[^1].Add(new());
                }
                else
                {
                    rows[^1][^1].Append(Scripted());
                }
            }

            bool sides = name.StartsWith("align", StringComparison.Ordinal) || name == "split";
            string table = "<mtable displaystyle=\"true\">" + string.Concat(rows
                .Where(r => r.Any(c => c.Length > 0))
                .Select(r => "<mtr>" + string.Concat(r.Select((c, i) =>
                    $"<mtd style=\"text-align:{(sides ? (i % 2 == 0 ? "right" : "left") : name == "cases" ? "left" : "center")};padding-inline:{(sides ? "0.1em" : "0.4em")}\">{c}</mtd>")) + "</mtr>")) + "</mtable>";
            return name switch
            {
                "cases" => $"<mrow><mo stretchy=\"true\">{{</mo>{table}</mrow>",
                "pmatrix" => $"<mrow><mo stretchy=\"true\">(</mo>{table}<mo stretchy=\"true\">)</mo></mrow>",
                "bmatrix" => $"<mrow><mo stretchy=\"true\">[</mo>{table}<mo stretchy=\"true\">]</mo></mrow>",
                _ => table,
            };
        }

        /// <summary>A group in braces, or the one atom that follows.</summary>
        private string Argument()
        {
            SkipSpace();
            return _at >= tex.Length ? throw new UnknownTeXException() : Take("{") ? Row("}") : Atom().Xml;
        }

        /// <summary>The characters of a group, not read as a formula.</summary>
        private string Braced()
        {
            SkipSpace();
            if (!Take("{"))
            {
                throw new UnknownTeXException();
            }

            int start = _at;
            for (int depth = 1; _at < tex.Length; _at++)
            {
                depth += tex[_at] switch { '{' => 1, '}' => -1, _ => 0 };
                if (depth == 0)
                {
                    return tex[start.._at++];
                }
            }

            throw new UnknownTeXException();
        }

        private string Name()
        {
            _at++;
            if (_at >= tex.Length)
            {
                throw new UnknownTeXException();
            }

            int start = _at;
            while (_at < tex.Length && char.IsAsciiLetter(tex[_at]))
            {
                _at++;
            }

            if (_at == start)
            {
                _at++;
            }
            else if (_at < tex.Length && tex[_at] == '*' && tex[start.._at] == "operatorname")
            {
                _at++;
            }

            return tex[start.._at];
        }

        private bool Take(string expected)
        {
            if (string.CompareOrdinal(tex, _at, expected, 0, expected.Length) != 0)
            {
                return false;
            }

            // "\right" is not the beginning of "\rightarrow".
            int end = _at + expected.Length;
            if (expected[0] == '\\' && char.IsAsciiLetter(expected[^1]) && end < tex.Length && char.IsAsciiLetter(tex[end]))
            {
                return false;
            }

            _at = end;
            return true;
        }

        private void SkipSpace()
        {
            while (_at < tex.Length && char.IsWhiteSpace(tex[_at]))
            {
                _at++;
            }
        }
    }
}
