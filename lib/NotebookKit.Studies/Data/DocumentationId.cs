namespace NotebookKit.Studies.Data;

/// <summary>
/// A documentation id taken apart, as C#'s specification (annex D.4.2) writes it: a letter for the kind, the full name with
/// arity marks, the parameter types in parentheses, and for a conversion the result type after a tilde.
/// </summary>
/// <param name="Kind">What the id names.</param>
/// <param name="Owner">Namespace and declaring type, arity marks kept; for a type the type itself.</param>
/// <param name="Name">The member's simple name without arity.</param>
/// <param name="Signature">The parameter types.</param>
internal readonly record struct DocumentationId(MemberKind Kind, string Owner, string Name, IReadOnlyList<string> Signature)
{
    /// <summary>Takes an id apart; false when it is none (an unresolved or malformed reference).</summary>
    public static bool TryParse(string id, out DocumentationId result)
    {
        result = default;
        if (id.Length < 3 || id[1] != ':' || !"TMPFEN".Contains(id[0])) return false;
        int end = id.IndexOf('~');
        int open = id.IndexOf('(');
        string path = id[2..(open >= 0 ? open : end >= 0 ? end : id.Length)];
        var signature = open >= 0 ? SplitTypes(id.AsSpan(open + 1, Math.Max(0, id.LastIndexOf(')') - open - 1))) : [];
        if (path.Length == 0) return false;

        if (id[0] is 'T' or 'N')
        {
            result = new(id[0] == 'T' ? MemberKind.Type : MemberKind.Namespace, path, WithoutArity(AfterLastDot(path)), signature);
            return true;
        }

        int dot = path.LastIndexOf('.');
        string owner = dot < 0 ? "" : path[..dot];
        string name = dot < 0 ? path : path[(dot + 1)..];
        var kind = id[0] switch
        {
            'P' => MemberKind.Property,
            'F' => MemberKind.Field,
            'E' => MemberKind.Event,
            _ when name is "#ctor" or "#cctor" => MemberKind.Constructor,
            _ when name.StartsWith("op_", StringComparison.Ordinal) => MemberKind.Operator,
            _ => MemberKind.Method,
        };
        // An explicit implementation spells the interface with '#' for '.'; the reader's name is what follows it.
        if (kind == MemberKind.Constructor) name = AfterLastDot(owner);
        else if (name.Contains('#')) name = name[(name.LastIndexOf('#') + 1)..];
        result = new(kind, owner, WithoutArity(name), signature);
        return true;
    }

    /// <summary>Removes the arity marks of a name: <c>Dictionary`2.KeyCollection</c> becomes <c>Dictionary.KeyCollection</c>.</summary>
    public static string WithoutArity(string name)
    {
        if (!name.Contains('`')) return name;
        var kept = new System.Text.StringBuilder(name.Length);
        for (int i = 0; i < name.Length; i++)
        {
            if (name[i] == '`')
                while (i + 1 < name.Length && (name[i + 1] == '`' || char.IsAsciiDigit(name[i + 1]))) i++;
            else
                kept.Append(name[i]);
        }
        return kept.ToString();
    }

    private static string AfterLastDot(string path) => path[(path.LastIndexOf('.') + 1)..];

    /// <summary>Splits at the commas that stand outside of braces and brackets.</summary>
    private static List<string> SplitTypes(ReadOnlySpan<char> list)
    {
        var types = new List<string>();
        if (list.IsEmpty) return types;
        var (depth, start) = (0, 0);
        for (int i = 0; i < list.Length; i++)
        {
            switch (list[i])
            {
                case '{' or '[' or '<' or '(': depth++; break;
                case '}' or ']' or '>' or ')': depth--; break;
                case ',' when depth == 0:
                    types.Add(list[start..i].ToString());
                    start = i + 1;
                    break;
            }
        }
        types.Add(list[start..].ToString());
        return types;
    }
}
