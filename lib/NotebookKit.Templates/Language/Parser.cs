using System.Runtime.CompilerServices;

namespace NotebookKit.Templates.Language;

/// <summary>Statements of the language: from tokens to a tree. Expressions are in the other part.</summary>
internal sealed partial class Parser
{
    private const int MaxDepth = 100;
    private static readonly string[] OutsideTheLanguage = ["extends", "include", "import", "from", "autoescape", "do", "trans", "break", "continue"];

    private readonly List<Token> _tokens;
    private readonly HashSet<string> _blockNames = [];
    private int _next;
    private int _depth;

    // Directly inside an if, Jinja2 accepts unknown filters and complains only when they are used.
    private int _conditional;

    // Unknown filters and tests of the expression being read, which an inline if behind them may still excuse.
    private readonly List<SyntaxError> _unknown = [];

    // Tags that would end the blocks around the current place, innermost last.
    private readonly Stack<string[]> _endings = new();

    private Parser(List<Token> tokens) => _tokens = tokens;

    /// <summary>Whether the template calls a method that may change a list or dictionary of the example.</summary>
    public bool MayMutate { get; private set; }

    public static (Statement[] Body, bool MayMutate) Parse(string normalized)
    {
        var parser = new Parser(Lexer.Tokenize(normalized));
        var body = parser.Body([]);
        if (parser._unknown is [var first, ..]) throw first;
        return (body, parser.MayMutate);
    }

    private Token Current => _tokens[_next];

    private Token Ahead => _tokens[Math.Min(_next + 1, _tokens.Count - 1)];

    private Token Advance()
    {
        var token = Current;
        if (token.Kind != TokenKind.End) _next++;
        return token;
    }

    private bool SkipOperator(string text)
    {
        if (!Current.IsOperator(text)) return false;
        Advance();
        return true;
    }

    private bool SkipName(string text)
    {
        if (!Current.IsName(text)) return false;
        Advance();
        return true;
    }

    private Token Expect(TokenKind kind, string description)
    {
        if (Current.Kind == kind) return Advance();
        throw Unexpected(description);
    }

    private void ExpectOperator(string text)
    {
        if (!SkipOperator(text)) throw Unexpected(text);
    }

    private void ExpectName(string text)
    {
        if (!SkipName(text)) throw Unexpected(text);
    }

    private SyntaxError Unexpected(string wanted) => new(Current.Kind == TokenKind.End
        ? $"unexpected end of template, expected '{wanted}'."
        : $"expected token '{wanted}', got '{Current.Describe()}'", Current.Offset);

    private void Descend()
    {
        if (++_depth > MaxDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new SyntaxError($"the template is nested more than {MaxDepth} deep", Current.Offset);
    }

    private void Ascend() => _depth--;

    /// <summary>Text and tags up to one of the given end tags, which is left to be read.</summary>
    private Statement[] Body(string[] endings)
    {
        var body = new List<Statement>();
        _endings.Push(endings);
        while (true)
        {
            var token = Current;
            switch (token.Kind)
            {
                case TokenKind.Data:
                    Advance();
                    body.Add(new TextStatement(token.Offset, token.Text));
                    break;
                case TokenKind.VariableBegin:
                    Advance();
                    body.Add(new PrintStatement(token.Offset, Tuple()));
                    Expect(TokenKind.VariableEnd, "end of print statement");
                    break;
                case TokenKind.BlockBegin:
                    Advance();
                    if (Current.Kind == TokenKind.Name && endings.Contains(Current.Text))
                    {
                        _endings.Pop();
                        return [.. body];
                    }
                    Descend();
                    Tag(body);
                    Ascend();
                    Expect(TokenKind.BlockEnd, "end of statement block");
                    break;
                default:
                    if (endings.Length > 0) throw UnknownTag(null);
                    _endings.Pop();
                    return [.. body];
            }
        }
    }

    /// <summary>The body of a block, after its opening tag, up to the end tag; the end tag's name is consumed.</summary>
    private Statement[] Block(params string[] endings)
    {
        SkipOperator(":");
        Expect(TokenKind.BlockEnd, "end of statement block");
        return Body(endings);
    }

    /// <summary>The body of a block with a scope of its own, and its end tag.</summary>
    private Statement[] BlockUntil(string ending)
    {
        int conditional = _conditional;
        if (ending != "endif") _conditional = 0;
        var body = Block(ending);
        _conditional = conditional;
        Advance();
        return body;
    }

    private SyntaxError UnknownTag(string? name)
    {
        string message = name is null ? "Unexpected end of template." : $"Encountered unknown tag '{name}'.";
        if (_endings.Count > 0 && _endings.Peek() is { Length: > 0 } wanted)
        {
            message += name is not null && _endings.Any(e => e.Contains(name)) ? " You probably made a nesting mistake." : "";
            message += $" Looking for the following tags: {string.Join(" or ", wanted.Select(w => $"'{w}'"))}.";
        }
        return new SyntaxError(message, Current.Offset);
    }

    private void Tag(List<Statement> body)
    {
        var token = Current;
        if (token.Kind != TokenKind.Name) throw new SyntaxError("tag name expected", token.Offset);
        if (OutsideTheLanguage.Contains(token.Text))
            throw new SyntaxError($"the tag '{token.Text}' is not part of the prompt language (no other templates, no escaping, no extensions)", token.Offset);
        switch (token.Text)
        {
            case "if": body.Add(If()); break;
            case "for": body.Add(For()); break;
            case "set": body.Add(Set()); break;
            case "with": body.Add(With()); break;
            case "macro": body.Add(Macro()); break;
            case "call": body.Add(CallBlock()); break;
            case "filter": body.Add(FilterBlock()); break;
            case "block": body.Add(NamedBlock()); break;
            case "print":
                Advance();
                for (bool first = true; Current.Kind != TokenKind.BlockEnd; first = false)
                {
                    if (!first) ExpectOperator(",");
                    body.Add(new PrintStatement(Current.Offset, Expression()));
                }
                break;
            default: throw UnknownTag(token.Text);
        }
    }

    private IfStatement If()
    {
        int position = Advance().Offset;
        var branches = new List<(Expr?, Statement[])>();
        _conditional++;
        while (true)
        {
            var test = Tuple(withConditional: false);
            branches.Add((test, Block("elif", "else", "endif")));
            var end = Advance();
            if (end.Text == "elif") continue;
            if (end.Text == "else") branches.Add((null, BlockUntil("endif")));
            break;
        }
        _conditional--;
        return new IfStatement(position, [.. branches]);
    }

    private ForStatement For()
    {
        int position = Advance().Offset;
        var target = AssignTarget(endBefore: "in");
        if (Names(target).FirstOrDefault(n => n.Text == "loop") is { } loop)
            throw new SyntaxError("Can't assign to special loop variable in for-loop target", loop.Position);
        ExpectName("in");
        var source = Tuple(withConditional: false, endBefore: "recursive");
        int conditional = _conditional;
        _conditional = 0;
        var test = SkipName("if") ? Expression() : null;
        bool recursive = SkipName("recursive");
        var body = Block("endfor", "else");
        var otherwise = Advance().Text == "else" ? BlockUntil("endfor") : [];
        _conditional = conditional;
        return new ForStatement(position, target, source, test, recursive, body, otherwise);
    }

    private Statement Set()
    {
        int position = Advance().Offset;
        var target = AssignTarget(withNamespace: true);
        if (SkipOperator("=")) return new SetStatement(position, target, Tuple());
        var captured = new CapturedExpr(position);
        var result = Filters(captured);
        return new CaptureStatement(position, target, result, captured, BlockUntil("endset"));
    }

    private CaptureStatement FilterBlock()
    {
        int position = Advance().Offset;
        var captured = new CapturedExpr(position);
        var result = Filters(Filter(captured));
        return new CaptureStatement(position, null, result, captured, BlockUntil("endfilter"));
    }

    private WithStatement With()
    {
        int position = Advance().Offset;
        var variables = new List<(Expr, Expr)>();
        while (Current.Kind != TokenKind.BlockEnd)
        {
            if (variables.Count > 0) ExpectOperator(",");
            var target = AssignTarget();
            ExpectOperator("=");
            variables.Add((target, Expression()));
        }
        return new WithStatement(position, [.. variables], BlockUntil("endwith"));
    }

    private MacroDefinition Macro()
    {
        int position = Advance().Offset;
        string name = NameTarget().Text;
        var parameters = Signature();
        return new MacroDefinition(position, name, parameters, BlockUntil("endmacro"));
    }

    private CallBlockStatement CallBlock()
    {
        int position = Advance().Offset;
        var parameters = Current.IsOperator("(") ? Signature() : [];
        if (Expression() is not CallExpr call) throw new SyntaxError("expected call", position);
        return new CallBlockStatement(position, call, new MacroDefinition(position, null, parameters, BlockUntil("endcall")));
    }

    private BlockStatement NamedBlock()
    {
        int position = Advance().Offset;
        string name = Expect(TokenKind.Name, "name").Text;
        if (!_blockNames.Add(name)) throw new SyntaxError($"block '{name}' defined twice", position);
        bool scoped = SkipName("scoped");
        if (Current.IsName("required")) throw new SyntaxError("a required block needs a template that extends this one, which prompts cannot have", Current.Offset);
        var body = BlockUntil("endblock");
        SkipName(name);
        return new BlockStatement(position, name, scoped, body);
    }

    private Parameter[] Signature()
    {
        var parameters = new List<Parameter>();
        ExpectOperator("(");
        while (!Current.IsOperator(")"))
        {
            if (parameters.Count > 0) ExpectOperator(",");
            var name = NameTarget();
            if (parameters.Exists(p => p.Name.Text == name.Text)) throw new SyntaxError($"duplicate argument '{name.Text}'", name.Position);
            Expr? fallback = null;
            if (SkipOperator("=")) fallback = Expression();
            else if (parameters is [.., { Default: not null }]) throw new SyntaxError("non-default argument follows default argument", name.Position);
            parameters.Add(new Parameter(name, fallback));
        }
        ExpectOperator(")");
        return [.. parameters];
    }

    private NameExpr NameTarget()
    {
        var token = Expect(TokenKind.Name, "name");
        if (IsConstant(token.Text)) throw new SyntaxError($"can't assign to '{token.Text}'", token.Offset);
        return new NameExpr(token.Offset, token.Text);
    }

    /// <summary>A name, a tuple of names, or (in set) an attribute of a namespace.</summary>
    private Expr AssignTarget(string? endBefore = null, bool withNamespace = false)
    {
        var target = Tuple(simplified: true, endBefore: endBefore, withNamespace: withNamespace);
        CheckAssignable(target);
        return target;
    }

    private static void CheckAssignable(Expr target)
    {
        switch (target)
        {
            case NameExpr or NamespaceTarget: break;
            case TupleExpr:
                foreach (var child in target.Children) CheckAssignable(child);
                break;
            default: throw new SyntaxError("can't assign to this expression", target.Position);
        }
    }

    private static IEnumerable<NameExpr> Names(Expr target) => target is NameExpr name ? [name] : target.Children.SelectMany(Names);
}
