using NetTopologySuite.Geometries;

namespace LivingCity.Twin.Models.Traffic;

/// <summary>Stability of the air after Pasquill, from very unstable to stable.</summary>
public enum Stability
{
    A,
    B,
    C,
    D,
    E,
    F,
}

/// <summary>Weather of a share of the time.</summary>
/// <param name="Direction">Direction the wind comes from, degrees clockwise from north.</param>
/// <param name="Speed">Wind speed, m/s; below 0.5 it counts as 0.5, where the plume equation ends.</param>
/// <param name="Stability">Stability of the air.</param>
/// <param name="Share">Share of the time.</param>
public sealed record WindCase(double Direction, double Speed, Stability Stability, double Share);

/// <summary>A road that emits.</summary>
/// <param name="Course">Line in a reference system in metres.</param>
/// <param name="Emission">Emission, µg/(m·s).</param>
/// <param name="Width">Width of the road, m.</param>
public sealed record EmittingRoad(LineString Course, double Emission, double Width = 10);

/// <summary>
/// Gaussian line source in the manner of CALINE3 (Benson 1979, FHWA/CA/TL-79/23): roads are cut into elements that grow with the distance from the receptor, each element is a finite line across the wind, and a
/// mixing zone over the road (its width and 3 m on both sides) gives the plume its first height <c>1.8 m + 0.11 m/s · residence time</c>. It grows by the urban curves of Briggs (1973; Hanna, Briggs and Hosker 1982, table 4.5).
/// </summary>
public static class LineSource
{
    private const double FirstElement = 5, Growth = 1.25, ReceptorHeight = 1.5, SourceHeight = 0.5;

    /// <summary>Concentration in µg/m³ at receptors, averaged over the weather; the receptors run on all cores.</summary>
    public static double[] Concentrations(IReadOnlyList<EmittingRoad> roads, IReadOnlyList<Coordinate> receptors, IReadOnlyList<WindCase> winds, double reach = 2000, CancellationToken cancellationToken = default)
    {
        var segments = Segments(roads);
        var result = new double[receptors.Count];
        Parallel.For(0, receptors.Count, new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            var sum = 0.0;
            foreach (var segment in segments)
            {
                cancellationToken.ThrowIfCancellationRequested();
                sum += At(segment, receptors[i], winds, reach);
            }

            result[i] = sum;
        });
        return result;
    }

    /// <summary>Spread of a plume across the wind, m, at a distance downwind in m.</summary>
    public static double SigmaY(Stability stability, double x) => x / Math.Sqrt(1 + 0.0004 * x) * stability switch
    {
        Stability.A or Stability.B => 0.32,
        Stability.C => 0.22,
        Stability.D => 0.16,
        _ => 0.11,
    };

    /// <summary>Spread of a plume in height, m, at a distance downwind in m.</summary>
    public static double SigmaZ(Stability stability, double x) => stability switch
    {
        Stability.A or Stability.B => 0.24 * x * Math.Sqrt(1 + 0.001 * x),
        Stability.C => 0.20 * x,
        Stability.D => 0.14 * x / Math.Sqrt(1 + 0.0003 * x),
        _ => 0.08 * x / Math.Sqrt(1 + 0.0015 * x),
    };

    private static List<(Coordinate From, Coordinate To, double Emission, double Width)> Segments(IReadOnlyList<EmittingRoad> roads)
    {
        List<(Coordinate, Coordinate, double, double)> segments = [];
        foreach (var road in roads.Where(r => r.Emission > 0))
        {
            for (var i = 1; i < road.Course.NumPoints; i++)
            {
                segments.Add((road.Course.GetCoordinateN(i - 1), road.Course.GetCoordinateN(i), road.Emission, road.Width));
            }
        }

        return segments;
    }

    private static double At((Coordinate From, Coordinate To, double Emission, double Width) segment, Coordinate receptor, IReadOnlyList<WindCase> winds, double reach)
    {
        double dx = segment.To.X - segment.From.X, dy = segment.To.Y - segment.From.Y;
        var length = Math.Sqrt(dx * dx + dy * dy);
        if (length == 0)
        {
            return 0;
        }

        (dx, dy) = (dx / length, dy / length);
        double rx = receptor.X - segment.From.X, ry = receptor.Y - segment.From.Y;
        var foot = rx * dx + ry * dy;
        var off = Math.Abs(ry * dx - rx * dy);
        if (off > reach || foot < -reach || foot > length + reach)
        {
            return 0;
        }

        // From the point of the road next to the receptor, elements grow outwards in both directions.
        var start = Math.Clamp(foot, 0, length);
        return Walk(1) + Walk(-1);

        double Walk(int sign)
        {
            var sum = 0.0;
            double at = start, step = FirstElement + off * (Growth - 1);
            var end = sign > 0 ? length : 0;
            while (sign * (end - at) > 1e-9)
            {
                var size = Math.Min(step, sign * (end - at));
                var middle = at + sign * size / 2;
                foreach (var wind in winds)
                {
                    sum += wind.Share * Element(wind, rx - middle * dx, ry - middle * dy, dx, dy, size, segment.Emission, segment.Width);
                }

                at += sign * size;
                step *= Growth;
            }

            return sum;
        }
    }

    // An element as a finite line across the wind through its middle.
    private static double Element(WindCase wind, double rx, double ry, double dx, double dy, double size, double emission, double width)
    {
        var (sine, cosine) = Math.SinCos((wind.Direction + 180) * Math.PI / 180);
        var downwind = rx * sine + ry * cosine;
        if (downwind <= 0)
        {
            return 0;
        }

        var crosswind = rx * cosine - ry * sine;
        var speed = Math.Max(wind.Speed, 0.5);
        var mixing = width / 2 + 3;
        var across = Math.Abs(dx * cosine - dy * sine);
        var along = Math.Sqrt(Math.Max(0, 1 - across * across));
        var face = size * across + 2 * mixing * along;
        var residence = mixing / Math.Max(across, 0.1) / speed;
        var first = 1.8 + 0.11 * residence;
        var spread = SigmaZ(wind.Stability, downwind);
        var sigmaZ = Math.Sqrt(first * first + spread * spread);
        var sigmaY = Math.Max(SigmaY(wind.Stability, downwind), 1e-3);
        var share = Normal((crosswind + face / 2) / sigmaY) - Normal((crosswind - face / 2) / sigmaY);
        double below = (ReceptorHeight - SourceHeight) / sigmaZ, above = (ReceptorHeight + SourceHeight) / sigmaZ;
        var height = Math.Exp(-below * below / 2) + Math.Exp(-above * above / 2);
        return emission * size / face / (Math.Sqrt(2 * Math.PI) * sigmaZ * speed) * share * height;
    }

    // Abramowitz and Stegun (1964), 7.1.26: error below 1.5e-7.
    private static double Normal(double x)
    {
        var z = Math.Abs(x) / Math.Sqrt(2);
        var t = 1 / (1 + 0.3275911 * z);
        var tail = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))) * Math.Exp(-z * z);
        return x >= 0 ? 1 - tail / 2 : tail / 2;
    }
}
