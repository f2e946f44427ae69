namespace NotebookKit.Prompting;

/// <summary>A file of prompts or examples that cannot be read. The message names the file and the line.</summary>
public sealed class PromptFileException : Exception
{
    /// <summary>Says what is wrong and where.</summary>
    /// <param name="source">File or stream.</param>
    /// <param name="line">Line, counted from 1; 0 if it is the file as a whole.</param>
    /// <param name="detail">What is wrong, and what would be right.</param>
    /// <param name="inner">The cause, if there is one.</param>
    public PromptFileException(string source, long line, string detail, Exception? inner = null)
        : base(line > 0 ? $"{source}, line {line}: {detail}" : $"{source}: {detail}", inner)
    {
        File = source;
        Line = line;
    }

    /// <summary>File or stream.</summary>
    public string File { get; }

    /// <summary>Line, counted from 1; 0 if it is the file as a whole.</summary>
    public long Line { get; }
}
