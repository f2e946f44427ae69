using System.Runtime.CompilerServices;

namespace NotebookKit.Templates.Language;

/// <summary>What one render carries along: its output, its budget, its source of choices, and the place it is at.</summary>
internal sealed class RenderState(ChoiceSource? choices, RenderLimits limits)
{
    private long _work = limits.Work;
    private Stack<object>? _printing;
    private int _depth;
    private int _captures;

    public OutputBuffer Out = new(limits.OutputLength);

    /// <summary>Where each printed expression stands in the output, for a render that is to be explained; otherwise null.</summary>
    public List<PrintedValue>? Trace;

    /// <summary>Offset in the source of the operation being performed, for the error message.</summary>
    public int At;

    public int OutputLength => limits.OutputLength;

    public ChoiceSource Choices => choices
        ?? throw PythonError.Runtime("this template draws at random, and no ChoiceSource was given");

    /// <summary>A state for work outside a render (reading examples, tests).</summary>
    public static RenderState Detached() => new(null, RenderLimits.Default);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Charge(long units)
    {
        if ((_work -= units) < 0) OutOfWork();
    }

    /// <summary>Charges for a string of this many characters, and refuses it if it is longer than the whole output may be.</summary>
    public void ChargeText(long length)
    {
        if (length > limits.OutputLength) throw PythonError.Limit($"a string would have more than {limits.OutputLength:N0} characters");
        Charge(1 + (length >> 4));
    }

    public void Enter()
    {
        PythonError.GuardStack();
        if (++_depth > limits.Depth) throw PythonError.Limit($"calls are nested more than {limits.Depth} deep");
    }

    public void Leave() => _depth--;

    /// <summary>Marks a container as being printed; false if it already is, because it contains itself.</summary>
    public bool BeginRepr(object container)
    {
        _printing ??= new Stack<object>();
        foreach (object outer in _printing)
        {
            if (ReferenceEquals(outer, container)) return false;
        }
        if (_printing.Count > 200) throw PythonError.Limit("values are nested too deeply to print");
        PythonError.GuardStack();
        _printing.Push(container);
        return true;
    }

    public void EndRepr() => _printing!.Pop();

    /// <summary>Redirects output into a fresh buffer (set blocks, filter blocks, macros); returns the buffer to restore.</summary>
    public OutputBuffer Capture()
    {
        var outer = Out;
        Out = new OutputBuffer(limits.OutputLength);
        _captures++;
        return outer;
    }

    public string Release(OutputBuffer outer)
    {
        string text = Out.TakeText();
        Out = outer;
        _captures--;
        ChargeText(text.Length);
        return text;
    }

    /// <summary>Notes what was printed from <paramref name="start"/> on; what goes into a captured text is not in the output yet.</summary>
    public void Note(Expr value, int start)
    {
        if (_captures == 0) Trace!.Add(new(value, start, Out.Length));
    }

    private static void OutOfWork() => throw PythonError.Limit("the template does too much work (loops, or values that grow)");
}

/// <summary>The characters of the output that an expression printed.</summary>
internal readonly record struct PrintedValue(Expr Value, int Start, int End);
