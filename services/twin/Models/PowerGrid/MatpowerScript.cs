namespace LivingCity.Twin.Models.PowerGrid;

/// <summary>A matrix of a case file; a number is a matrix of one cell.</summary>
internal sealed class ScriptMatrix(int rows, int columns, double[] values, int line)
{
    public int Rows => rows;

    public int Columns => columns;

    /// <summary>Line on which the matrix starts.</summary>
    public int Line => line;

    public double[] Values => values;

    public double this[int row, int column] => values[row * columns + column];

    public bool IsScalar => rows == 1 && columns == 1;
}

/// <summary>
/// The part of the MATLAB language that case files use: assignments of numbers, matrices, texts and cells to variables and structure fields, and arithmetic on columns, with
/// which distribution cases turn ohms and kW into per unit and MW:
/// <c>mpc.bus(:, [PD, QD]) = mpc.bus(:, [PD, QD]) / 1e3;</c>. The field of a structure is known by its own name, so that version 1 files read the same way.
/// </summary>
internal sealed class MatpowerScript
{
    private readonly MatpowerLexer _lexer;
    private readonly Dictionary<string, ScriptMatrix?> _variables = MatpowerColumns.Constants();

    private MatpowerScript(string text, string name) => _lexer = new MatpowerLexer(text, name);

    /// <summary>Runs a file and gives its variables; texts and cells are null.</summary>
    public static Dictionary<string, ScriptMatrix?> Run(string text, string name)
    {
        var script = new MatpowerScript(text, name);
        while (script._lexer.SkipToStatement())
        {
            script.Statement();
        }

        return script._variables;
    }

    private void Statement()
    {
        if (_lexer.TryWord("function"))
        {
            _lexer.SkipLine();
            return;
        }

        // [PQ, PV, REF, ...] = idx_bus; the names are known here.
        if (_lexer.Peek() == '[' || _lexer.TryWord("define_constants"))
        {
            _lexer.SkipStatement();
            return;
        }

        var target = _lexer.QualifiedName();
        if (target is "return" or "end")
        {
            return;
        }

        var index = _lexer.TryTake('(') ? Index() : null;
        if (!_lexer.TryTake('='))
        {
            throw _lexer.Error($"the statement that begins with '{target}' is not understood.");
        }

        var line = _lexer.Line;
        if (_lexer.Peek() is '{' or '\'' or '"')
        {
            _lexer.SkipTextOrCell();
            _variables[target] = null;
            return;
        }

        var value = Expression();
        _variables[target] = index is null ? value : Assign(Variable(target), index.Value, value, line);
    }

    private ScriptMatrix Assign(ScriptMatrix matrix, (int[]? Rows, int[]? Columns) index, ScriptMatrix value, int line)
    {
        var (rows, columns) = Resolve(matrix, index);
        if (!value.IsScalar && (value.Rows != rows.Length || value.Columns != columns.Length))
        {
            throw _lexer.Error($"{value.Rows} × {value.Columns} values do not fit {rows.Length} × {columns.Length} places.");
        }

        var copy = matrix.Values.ToArray();
        for (var r = 0; r < rows.Length; r++)
        {
            for (var c = 0; c < columns.Length; c++)
            {
                copy[rows[r] * matrix.Columns + columns[c]] = value.IsScalar ? value.Values[0] : value[r, c];
            }
        }

        return new(matrix.Rows, matrix.Columns, copy, line);
    }

    private (int[] Rows, int[] Columns) Resolve(ScriptMatrix matrix, (int[]? Rows, int[]? Columns) index)
    {
        int[] rows = index.Rows ?? [.. Enumerable.Range(0, matrix.Rows)], columns = index.Columns ?? [.. Enumerable.Range(0, matrix.Columns)];
        return rows.Any(r => r < 0 || r >= matrix.Rows) || columns.Any(c => c < 0 || c >= matrix.Columns)
            ? throw _lexer.Error($"an index lies outside the {matrix.Rows} × {matrix.Columns} matrix.")
            : (rows, columns);
    }

    // After the opening bracket: (rows, columns), each ':' or an expression.
    private (int[]? Rows, int[]? Columns)? Index()
    {
        var rows = Positions();
        if (!_lexer.TryTake(','))
        {
            throw _lexer.Error("a matrix is indexed by row and column here.");
        }

        var columns = Positions();
        _lexer.Expect(')');
        return (rows, columns);
    }

    private int[]? Positions() => _lexer.TryTake(':') ? null : [.. Expression().Values.Select(v => (int)v - 1)];

    private ScriptMatrix Expression()
    {
        var left = Term();
        while (_lexer.Operator("+-") is { } operation)
        {
            left = Combine(left, Term(), operation);
        }

        return left;
    }

    private ScriptMatrix Term()
    {
        var left = Factor();
        while (_lexer.Operator("*/") is { } operation)
        {
            left = Combine(left, Factor(), operation);
        }

        return left;
    }

    private ScriptMatrix Factor()
    {
        if (_lexer.TryTake('-'))
        {
            return Combine(Scalar(0), Factor(), '-');
        }

        _lexer.TryTake('+');
        var left = Primary();
        return _lexer.Operator("^") is not null ? Combine(left, Factor(), '^') : left;
    }

    private ScriptMatrix Primary()
    {
        if (_lexer.TryTake('('))
        {
            var inner = Expression();
            _lexer.Expect(')');
            return inner;
        }

        if (_lexer.Peek() == '[')
        {
            return Matrix();
        }

        if (_lexer.TryNumber(out var number))
        {
            return Scalar(number);
        }

        var name = _lexer.QualifiedName();
        if (MatpowerColumns.Function(name) is { } function)
        {
            _lexer.Expect('(');
            var argument = Expression();
            _lexer.Expect(')');
            return new(argument.Rows, argument.Columns, [.. argument.Values.Select(function)], argument.Line);
        }

        var variable = Variable(name);
        if (!_lexer.TryTake('('))
        {
            return variable;
        }

        var (rows, columns) = Resolve(variable, Index()!.Value);
        return new(rows.Length, columns.Length, [.. rows.SelectMany(r => columns.Select(c => variable[r, c]))], _lexer.Line);
    }

    private ScriptMatrix Matrix()
    {
        var line = _lexer.Line;
        _lexer.Expect('[');
        List<double> values = [];
        int rows = 0, columns = -1, inRow = 0;
        while (true)
        {
            var separator = _lexer.MatrixSeparator();
            if (separator is ';' or ']')
            {
                if (inRow > 0 && columns >= 0 && inRow != columns)
                {
                    throw _lexer.Error($"this row has {inRow} values, the rows above have {columns}.");
                }

                if (inRow > 0)
                {
                    (columns, rows, inRow) = (inRow, rows + 1, 0);
                }

                if (separator == ']')
                {
                    return new(rows, Math.Max(columns, 0), [.. values], line);
                }
            }
            else
            {
                values.Add(Element());
                inRow++;
            }
        }
    }

    // Inside brackets white space separates, so an element is a signed number or name and no sum.
    private double Element()
    {
        var negative = _lexer.TryTake('-');
        if (!negative)
        {
            _lexer.TryTake('+');
        }

        if (!_lexer.TryNumber(out var value))
        {
            var inner = Primary();
            value = inner.IsScalar ? inner.Values[0] : throw _lexer.Error("a matrix inside a matrix is not read here.");
        }

        // An operator that no element can begin with carries the element on: 1/3, 2*pi.
        while (_lexer.Operator("*/^") is { } operation)
        {
            value = Combine(Scalar(value), Primary(), operation) is { IsScalar: true } product ? product.Values[0] : throw _lexer.Error("a matrix inside a matrix is not read here.");
        }

        return negative ? -value : value;
    }

    private ScriptMatrix Combine(ScriptMatrix left, ScriptMatrix right, char operation)
    {
        if (!left.IsScalar && !right.IsScalar && (left.Rows != right.Rows || left.Columns != right.Columns))
        {
            throw _lexer.Error($"{left.Rows} × {left.Columns} and {right.Rows} × {right.Columns} values cannot be combined.");
        }

        var shape = left.IsScalar ? right : left;
        var result = new double[shape.Values.Length];
        for (var i = 0; i < result.Length; i++)
        {
            double a = left.Values[left.IsScalar ? 0 : i], b = right.Values[right.IsScalar ? 0 : i];
            result[i] = operation switch { '+' => a + b, '-' => a - b, '*' => a * b, '/' => a / b, _ => Math.Pow(a, b) };
        }

        return new(shape.Rows, shape.Columns, result, _lexer.Line);
    }

    private ScriptMatrix Variable(string name) => _variables.TryGetValue(name, out var value) && value is not null
        ? value : throw _lexer.Error($"'{name}' has no value that can be computed with.");

    private ScriptMatrix Scalar(double value) => new(1, 1, [value], _lexer.Line);
}
