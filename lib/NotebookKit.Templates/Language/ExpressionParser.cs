namespace NotebookKit.Templates.Language;

/// <summary>Expressions of the language, from loosest to tightest binding.</summary>
internal sealed partial class Parser
{
    private static bool IsConstant(string name) => name is "true" or "false" or "none" or "True" or "False" or "None";

    private Expr Expression()
    {
        Descend();
        int position = Current.Offset;
        int unknown = _unknown.Count;
        var result = Or();
        while (SkipName("if"))
        {
            _conditional++;
            var test = Or();
            var otherwise = SkipName("else") ? Expression() : null;
            _conditional--;
            result = new ConditionalExpr(position, test, result, otherwise);
            _unknown.RemoveRange(unknown, _unknown.Count - unknown);
        }
        Ascend();
        return result;
    }

    private Expr Or()
    {
        var left = And();
        while (Current.IsName("or"))
        {
            int position = Advance().Offset;
            left = new OrExpr(position, left, And());
        }
        return left;
    }

    private Expr And()
    {
        var left = Not();
        while (Current.IsName("and"))
        {
            int position = Advance().Offset;
            left = new AndExpr(position, left, Not());
        }
        return left;
    }

    private Expr Not()
    {
        if (!Current.IsName("not")) return Comparison();
        Descend();
        int position = Advance().Offset;
        var result = new NotExpr(position, Not());
        Ascend();
        return result;
    }

    private Expr Comparison()
    {
        int position = Current.Offset;
        var first = Sum();
        List<(string, Expr)>? links = null;
        while (true)
        {
            string? symbol = null;
            if (Current.Kind == TokenKind.Operator && Current.Text is "==" or "!=" or "<" or "<=" or ">" or ">=") symbol = Advance().Text;
            else if (Current.IsName("in")) symbol = Advance().Text;
            else if (Current.IsName("not") && Ahead.IsName("in"))
            {
                Advance();
                Advance();
                symbol = "not in";
            }
            if (symbol is null) break;
            (links ??= []).Add((symbol, Sum()));
        }
        return links is null ? first : new CompareExpr(position, first, [.. links]);
    }

    private Expr Sum()
    {
        var left = Concatenation();
        while (Current.IsOperator("+") || Current.IsOperator("-"))
        {
            var op = Advance();
            left = new BinaryExpr(op.Offset, op.Text, left, Concatenation());
        }
        return left;
    }

    private Expr Concatenation()
    {
        int position = Current.Offset;
        var first = Product();
        if (!Current.IsOperator("~")) return first;
        var parts = new List<Expr> { first };
        while (SkipOperator("~")) parts.Add(Product());
        return new ConcatExpr(position, [.. parts]);
    }

    private Expr Product()
    {
        var left = Power();
        while (Current.Kind == TokenKind.Operator && Current.Text is "*" or "/" or "//" or "%")
        {
            var op = Advance();
            left = new BinaryExpr(op.Offset, op.Text, left, Power());
        }
        return left;
    }

    private Expr Power()
    {
        // Unlike Python's, Jinja2's power binds from the left, and looser than a sign.
        var left = Unary();
        while (Current.IsOperator("**"))
        {
            int position = Advance().Offset;
            left = new BinaryExpr(position, "**", left, Unary());
        }
        return left;
    }

    private Expr Unary(bool withFilter = true)
    {
        Expr result;
        if (Current.IsOperator("-") || Current.IsOperator("+"))
        {
            Descend();
            var op = Advance();
            result = new SignExpr(op.Offset, Unary(withFilter: false), op.Text == "-");
            Ascend();
        }
        else result = Primary();
        result = Postfix(result);
        return withFilter ? FiltersAndTests(result) : result;
    }

    private Expr Primary(bool withNamespace = false)
    {
        var token = Current;
        switch (token.Kind)
        {
            case TokenKind.Name:
                Advance();
                if (IsConstant(token.Text)) return new LiteralExpr(token.Offset, token.Text is "none" or "None" ? null : Boxed.Of(token.Text is "true" or "True"));
                var name = new NameExpr(token.Offset, token.Text);
                if (!withNamespace || !SkipOperator(".")) return name;
                return new NamespaceTarget(token.Offset, name, Expect(TokenKind.Name, "name").Text);
            case TokenKind.Text:
                string text = Advance().Text;
                while (Current.Kind == TokenKind.Text) text += Advance().Text;
                return new LiteralExpr(token.Offset, text);
            case TokenKind.Integer or TokenKind.Float:
                return new LiteralExpr(token.Offset, Advance().Number);
            case TokenKind.Operator when token.Text == "(":
                Advance();
                var inner = Tuple(explicitParentheses: true);
                ExpectOperator(")");
                return inner;
            case TokenKind.Operator when token.Text == "[":
                return List();
            case TokenKind.Operator when token.Text == "{":
                return Dict();
            default:
                throw new SyntaxError($"unexpected '{token.Describe()}'", token.Offset);
        }
    }

    /// <summary>One expression, or several with commas between them. <paramref name="simplified"/> allows only what can be assigned to.</summary>
    private Expr Tuple(bool simplified = false, bool withConditional = true, string? endBefore = null, bool explicitParentheses = false, bool withNamespace = false)
    {
        int position = Current.Offset;
        var items = new List<Expr>();
        bool isTuple = false;
        while (true)
        {
            if (items.Count > 0) ExpectOperator(",");
            if (Current.Kind is TokenKind.VariableEnd or TokenKind.BlockEnd || Current.IsOperator(")") || (endBefore is not null && Current.IsName(endBefore))) break;
            Descend();
            items.Add(simplified ? Primary(withNamespace) : withConditional ? Expression() : Or());
            Ascend();
            if (!Current.IsOperator(",")) break;
            isTuple = true;
        }
        if (!isTuple && items.Count > 0) return items[0];
        if (!isTuple && !explicitParentheses) throw new SyntaxError($"Expected an expression, got '{Current.Describe()}'", Current.Offset);
        return new TupleExpr(position, [.. items]);
    }

    private ListExpr List()
    {
        int position = Advance().Offset;
        var items = new List<Expr>();
        while (!Current.IsOperator("]"))
        {
            if (items.Count > 0) ExpectOperator(",");
            if (Current.IsOperator("]")) break;
            items.Add(Expression());
        }
        ExpectOperator("]");
        return new ListExpr(position, [.. items]);
    }

    private DictExpr Dict()
    {
        int position = Advance().Offset;
        var items = new List<Expr>();
        while (!Current.IsOperator("}"))
        {
            if (items.Count > 0) ExpectOperator(",");
            if (Current.IsOperator("}")) break;
            items.Add(Expression());
            ExpectOperator(":");
            items.Add(Expression());
        }
        ExpectOperator("}");
        return new DictExpr(position, [.. items]);
    }

    private Expr Postfix(Expr value)
    {
        while (true)
        {
            if (Current.IsOperator(".")) value = Dotted(value);
            else if (Current.IsOperator("[")) value = Subscript(value);
            else if (Current.IsOperator("(")) value = Call(value);
            else return value;
        }
    }

    private Expr Dotted(Expr value)
    {
        Advance();
        var token = Advance();
        switch (token.Kind)
        {
            case TokenKind.Name:
                if (Methods.MayMutate(token.Text)) MayMutate = true;
                return new AttributeExpr(token.Offset, value, token.Text);
            case TokenKind.Integer:
                return new ItemExpr(token.Offset, value, new LiteralExpr(token.Offset, token.Number));
            default:
                throw new SyntaxError("expected name or number", token.Offset);
        }
    }

    private Expr Subscript(Expr value)
    {
        int position = Advance().Offset;
        var parts = new List<Expr>();
        while (!Current.IsOperator("]"))
        {
            if (parts.Count > 0) ExpectOperator(",");
            parts.Add(SubscriptPart());
        }
        ExpectOperator("]");
        return parts switch
        {
            [SlicePartExpr slice] => new SliceExpr(position, value, slice.Start, slice.Stop, slice.Step),
            [var key] => new ItemExpr(position, value, key),
            _ => new ItemExpr(position, value, new TupleExpr(position, [.. parts])),
        };
    }

    private Expr SubscriptPart()
    {
        int position = Current.Offset;
        Expr? start = null;
        if (!Current.IsOperator(":"))
        {
            start = Expression();
            if (!Current.IsOperator(":")) return start;
        }
        Advance();
        Expr? Part() => Current.IsOperator(":") || Current.IsOperator("]") || Current.IsOperator(",") ? null : Expression();
        var stop = Part();
        var step = SkipOperator(":") ? Part() : null;
        return new SlicePartExpr(position, start, stop, step);
    }

    private CallExpr Call(Expr callee)
    {
        int position = callee is AttributeExpr ? callee.Position : Current.Offset;
        return new CallExpr(position, callee, Arguments());
    }

    private ArgumentList Arguments()
    {
        int position = Current.Offset;
        ExpectOperator("(");
        var positional = new List<Expr>();
        var named = new List<(string, Expr)>();
        Expr? morePositional = null;
        Expr? moreNamed = null;
        void Require(bool allowed)
        {
            if (!allowed) throw new SyntaxError("invalid syntax for function call expression", position);
        }
        for (bool first = true; !Current.IsOperator(")"); first = false)
        {
            if (!first)
            {
                ExpectOperator(",");
                if (Current.IsOperator(")")) break;
            }
            if (SkipOperator("*"))
            {
                Require(morePositional is null && moreNamed is null);
                morePositional = Expression();
            }
            else if (SkipOperator("**"))
            {
                Require(moreNamed is null);
                moreNamed = Expression();
            }
            else if (Current.Kind == TokenKind.Name && Ahead.IsOperator("="))
            {
                Require(moreNamed is null);
                var name = Advance();
                Advance();
                if (named.Exists(n => n.Item1 == name.Text)) throw new SyntaxError($"keyword argument repeated: {name.Text}", name.Offset);
                named.Add((name.Text, Expression()));
            }
            else
            {
                Require(morePositional is null && moreNamed is null && named.Count == 0);
                positional.Add(Expression());
            }
        }
        ExpectOperator(")");
        return positional.Count + named.Count == 0 && morePositional is null && moreNamed is null
            ? ArgumentList.Empty
            : new ArgumentList([.. positional], [.. named], morePositional, moreNamed);
    }

    private Expr FiltersAndTests(Expr value)
    {
        while (true)
        {
            if (Current.IsOperator("|")) value = Filters(value);
            else if (Current.IsName("is")) value = IsTest(value);
            else if (Current.IsOperator("(")) value = Call(value);
            else return value;
        }
    }

    private Expr Filters(Expr value)
    {
        while (SkipOperator("|")) value = Filter(value);
        return value;
    }

    private RoutineExpr Filter(Expr value)
    {
        int position = Current.Offset;
        string name = RoutineName();
        var arguments = Current.IsOperator("(") ? Arguments() : ArgumentList.Empty;
        return Routine(position, value, Language.Filters.Table, "filter", name, arguments);
    }

    private Expr IsTest(Expr value)
    {
        int position = Advance().Offset;
        bool negated = SkipName("not");
        string name = RoutineName();
        var arguments = ArgumentList.Empty;
        if (Current.IsOperator("(")) arguments = Arguments();
        else if ((Current.Kind is TokenKind.Name or TokenKind.Text or TokenKind.Integer or TokenKind.Float || Current.IsOperator("[") || Current.IsOperator("{"))
            && !(Current.IsName("else") || Current.IsName("or") || Current.IsName("and")))
        {
            if (Current.IsName("is")) throw new SyntaxError("You cannot chain multiple tests with is", Current.Offset);
            arguments = new ArgumentList([Postfix(Primary())], [], null, null);
        }
        Expr result = Routine(position, value, Tests.Table, "test", name, arguments);
        return negated ? new NotExpr(position, result) : result;
    }

    private string RoutineName()
    {
        string name = Expect(TokenKind.Name, "name").Text;
        while (SkipOperator(".")) name += "." + Expect(TokenKind.Name, "name").Text;
        return name;
    }

    private RoutineExpr Routine(int position, Expr value, IReadOnlyDictionary<string, Routine> table, string kind, string name, ArgumentList arguments)
    {
        string unknown = $"No {kind} named '{name}'.";
        if (!table.TryGetValue(name, out var routine) && _conditional == 0) _unknown.Add(new SyntaxError(unknown, position));
        return new RoutineExpr(position, value, routine, unknown, arguments);
    }
}
