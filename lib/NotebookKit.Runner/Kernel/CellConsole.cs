using System.Text;

namespace NotebookKit.Runner.Kernel;

/// <summary>
/// Stands in for the console: hands on whole lines as they come, and a part of a line when something else is about to be shown
/// (<see cref="Flush"/>), so that text and displays keep their order and a crash loses at most an unfinished line.
/// </summary>
internal sealed class CellConsole(Action<KernelEvent> send)
{
    private readonly StringBuilder pending = new();
    private string pendingName = "stdout";

    public TextWriter Output => new Writer(this, "stdout");

    public TextWriter Error => new Writer(this, "stderr");

    public void Flush()
    {
        lock (pending)
        {
            if (pending.Length == 0)
                return;
            send(new StreamWritten(pendingName, pending.ToString()));
            pending.Clear();
        }
    }

    private void Write(string name, ReadOnlySpan<char> text)
    {
        lock (pending)
        {
            if (name != pendingName)
                Flush();
            pendingName = name;
            pending.Append(text);
            if (text.Contains('\n'))
                Flush();
        }
    }

    private sealed class Writer(CellConsole console, string name) : TextWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override string NewLine => "\n";

        public override void Write(char value) => console.Write(name, [value]);

        public override void Write(char[] buffer, int index, int count) => console.Write(name, buffer.AsSpan(index, count));

        public override void Write(ReadOnlySpan<char> buffer) => console.Write(name, buffer);

        public override void Write(string? value) => console.Write(name, value);

        public override void WriteLine() => console.Write(name, "\n");

        public override void WriteLine(string? value) => console.Write(name, value + "\n");

        public override void WriteLine(ReadOnlySpan<char> buffer) => console.Write(name, $"{buffer}\n");
    }
}
